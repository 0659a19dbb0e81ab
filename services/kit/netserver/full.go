package netserver

import (
	"io"
	"net"
	"time"
)

// fullLine is all that a client hears from a server that has MaxConns others.
const fullLine = "! server full, try again later\n"

// maxRefusing bounds how many refused clients are seen to the door at once.
// Beyond that they are closed without a word: a flood of clients must not cost
// a goroutine and a descriptor each.
const maxRefusing = 64

// refuse tells socket that the server is full, and closes it. It never blocks
// the accept loop.
func (r *run) refuse(socket net.Conn) {
	r.noteFull()
	select {
	case r.refusing <- struct{}{}:
	default:
		socket.Close()
		return
	}
	go func() {
		defer func() { <-r.refusing }()
		socket.SetDeadline(time.Now().Add(lingerTime))
		if _, err := io.WriteString(socket, fullLine); err != nil {
			socket.Close()
			return
		}
		linger(socket)
	}()
}

// noteFull logs once, not for every client, until one is admitted again.
func (r *run) noteFull() {
	r.mu.Lock()
	first := !r.full
	r.full = true
	r.mu.Unlock()
	if first {
		r.log.WithField("max", r.server.Limits.MaxConns).Warn("Server full: new clients are refused")
	}
}
