package mutants

import (
	"errors"
	"io"
	"net"
	"syscall"
)

// A handler talks with one client, as its protocol wants it. The error is how
// the talk ended, if not by the client's FIN.
type handler func(s *Server, conn io.ReadWriter) error

// plain is a handler without a fault of the frame.
func plain(talk handler) func(*Server, *net.TCPConn) {
	return func(s *Server, conn *net.TCPConn) { talk(s, conn) }
}

// manyFaults are those that show with several clients, whatever the protocol.
// talk makes a server without another fault.
func manyFaults(talk func() handler) []Fault {
	return []Fault{
		{Name: "one-client-only", Trips: "a second client is served while the first one is silent", OneAtATime: true, Handle: plain(talk())},
		{Name: "sends-to-everybody", Trips: "each client hears its own words, and nobody else's", Handle: toEverybody(talk())},
		{Name: "crashes-on-a-reset", Trips: "a client that breaks off does not end the server", Races: true, Handle: crashing(talk())},
		{Name: "one-lock-around-write", Trips: "a client that does not read holds up nobody else", Handle: locking(talk())},
		{Name: "leaks-descriptors", Trips: "a thousand clients come and go, and the next one is served", Handle: leaking(talk())},
	}
}

// crashing ends the whole server when a client breaks off.
func crashing(talk handler) func(*Server, *net.TCPConn) {
	return func(s *Server, conn *net.TCPConn) {
		if err := talk(s, conn); errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) {
			s.Close()
		}
	}
}

// leakLimit is how many descriptors a leaking server has, as `ulimit -n` says.
const leakLimit = 256

// leaking forgets to close a connection that has ended with an error. When its
// descriptors are used up it serves nobody.
func leaking(talk handler) func(*Server, *net.TCPConn) {
	return func(s *Server, conn *net.TCPConn) {
		s.mu.Lock()
		usedUp := s.leaked >= leakLimit
		s.mu.Unlock()
		if usedUp {
			select {}
		}
		if err := talk(s, conn); err != nil {
			s.mu.Lock()
			s.leaked++
			s.mu.Unlock()
		}
	}
}

// locking holds one lock for all clients while it writes.
func locking(talk handler) func(*Server, *net.TCPConn) {
	return func(s *Server, conn *net.TCPConn) { talk(s, lockedConn{conn, conn, s}) }
}

type lockedConn struct {
	io.Reader
	conn *net.TCPConn
	s    *Server
}

func (c lockedConn) Write(p []byte) (int, error) {
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	return c.conn.Write(p)
}

// toEverybody sends what one should hear to all.
func toEverybody(talk handler) func(*Server, *net.TCPConn) {
	return func(s *Server, conn *net.TCPConn) { talk(s, &loudConn{conn: conn, s: s}) }
}

type loudConn struct {
	conn  *net.TCPConn
	s     *Server
	asked bool // what comes before that is a greeting
}

func (c *loudConn) Read(p []byte) (int, error) {
	c.asked = true
	return c.conn.Read(p)
}

func (c *loudConn) Write(p []byte) (int, error) {
	if !c.asked {
		return c.conn.Write(p)
	}
	c.s.mu.Lock()
	defer c.s.mu.Unlock()
	for conn := range c.s.conns {
		conn.Write(p) // one that has left is not worth an error
	}
	return len(p), nil
}
