// Package nettest lets a test read as a transcript: start a server, then say
// and expect. It uses real sockets on 127.0.0.1 and, where a test is about a
// whole program, real processes. Nothing in it sleeps; what it waits for, it
// waits for with a limit.
package nettest
