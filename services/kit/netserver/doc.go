// Package netserver is the lab's net.createServer(handler): it listens,
// accepts, limits, logs and drains, so that a service is left with the one
// thing that is its own, the talk with one client.
//
// The life of a connection, and the file to read about it:
//
//	listen.go    a port is asked for, or somebody else has it
//	server.go    the accept loop: one goroutine for each connection
//	backoff.go   what to do when accept fails for want of descriptors
//	full.go      one connection too many: a clear line, then goodbye
//	conn.go      reading, writing, counting
//	idle.go      a peer that says nothing for too long
//	stall_*.go   a peer that never reads what it is sent
//	copy.go      bytes that never enter this process: splice(2)
//	chunk.go     reading without holding a buffer while nothing comes
//	abort.go     ending it at once, with a RST
//	goodbye.go   closing so that nothing already sent is lost
//	drain.go     SIGTERM: finish what was begun, then leave
//	reason.go    why it ended, in words
package netserver
