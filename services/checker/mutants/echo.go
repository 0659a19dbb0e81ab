package mutants

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"time"
)

// Echo lists the faults of an echo server.
func Echo() []Fault {
	return []Fault{
		{Name: "greets", Trips: "the client speaks first, and hears itself", Handle: func(_ *Server, conn *net.TCPConn) {
			io.WriteString(conn, "Welcome!\n")
			io.Copy(conn, conn)
		}},
		{Name: "answers-nothing", Trips: "the client speaks first, and hears itself", Handle: func(_ *Server, conn *net.TCPConn) {
			io.Copy(io.Discard, conn)
		}},
		{Name: "answers-once", Trips: "each message on a connection comes back, not only the first", Handle: func(_ *Server, conn *net.TCPConn) {
			buf := make([]byte, 4096)
			n, _ := conn.Read(buf)
			conn.Write(buf[:n])
		}},
		{Name: "waits-for-a-line-end", Trips: "what has no line end comes back at once", Handle: func(_ *Server, conn *net.TCPConn) {
			in := bufio.NewReader(conn)
			for {
				line, err := in.ReadString('\n')
				io.WriteString(conn, line)
				if err != nil {
					return
				}
			}
		}},
		{Name: "one-read-is-one-message", Trips: "two messages in one write both come back", Handle: changing(func(chunk []byte) []byte {
			if line, _, found := bytes.Cut(chunk, []byte("\n")); found {
				return append(line, '\n')
			}
			return chunk
		})},
		{Name: "trims", Trips: "two messages in one write both come back", Handle: changing(func(chunk []byte) []byte {
			if bytes.HasSuffix(chunk, []byte("\n")) {
				return append(bytes.TrimSpace(chunk), '\n')
			}
			return chunk
		})},
		{Name: "spoils-what-is-not-utf8", Trips: "bytes that are no text come back unchanged", Handle: changing(func(chunk []byte) []byte {
			return []byte(strings.ToValidUTF8(string(chunk), "\uFFFD"))
		})},
		{Name: "stops-at-NUL", Trips: "bytes that are no text come back unchanged", Handle: changing(func(chunk []byte) []byte {
			before, _, _ := bytes.Cut(chunk, []byte{0})
			return before
		})},
		{Name: "forgets-what-write-did-not-take", Trips: "much data comes back, whole and in order", Handle: changing(func(chunk []byte) []byte {
			return chunk[:min(len(chunk), 1000)]
		})},
		{Name: "answer-lost-on-close", Trips: "what was sent before a half-close still comes back", Handle: echoLate},
		{Name: "half-close-ignored", Trips: "after the client's FIN the server closes, too", Handle: echoNeverCloses},
		{Name: "one-client-only", Trips: "a second client is served while the first one is silent", OneAtATime: true, Handle: echo},
		{Name: "sends-to-everybody", Trips: "each client hears its own words, and nobody else's", Handle: echoEverybody},
		{Name: "crashes-on-a-reset", Trips: "a client that breaks off does not end the server", Races: true, Handle: func(s *Server, conn *net.TCPConn) {
			if _, err := io.Copy(conn, conn); errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) {
				s.Close()
			}
		}},
		{Name: "one-lock-around-write", Trips: "a client that does not read holds up nobody else", Handle: echoLocked},
		{Name: "leaks-descriptors", Trips: "a thousand clients come and go, and the next one is served", Handle: echoLeaks},
	}
}

// echo is an echo server without a fault.
func echo(_ *Server, conn *net.TCPConn) { io.Copy(conn, conn) }

// changing echoes what change makes of each chunk.
func changing(change func(chunk []byte) []byte) func(*Server, *net.TCPConn) {
	return func(_ *Server, conn *net.TCPConn) {
		buf := make([]byte, 4096)
		for {
			n, err := conn.Read(buf)
			if err != nil {
				return
			}
			if _, err := conn.Write(change(buf[:n])); err != nil {
				return
			}
		}
	}
}

// echoLate answers a moment later, from a queue, and closes at the client's FIN
// whether the queue is empty or not.
func echoLate(_ *Server, conn *net.TCPConn) {
	queue := make(chan []byte, 1000)
	defer close(queue)
	go func() {
		for chunk := range queue {
			time.Sleep(20 * time.Millisecond)
			if _, err := conn.Write(chunk); err != nil {
				return
			}
		}
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		queue <- bytes.Clone(buf[:n])
	}
}

// echoNeverCloses does not look for the end of the stream.
func echoNeverCloses(_ *Server, conn *net.TCPConn) {
	io.Copy(conn, conn)
	select {}
}

// echoEverybody sends what one says to all.
func echoEverybody(s *Server, conn *net.TCPConn) {
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		s.mu.Lock()
		for client := range s.conns {
			client.Write(buf[:n])
		}
		s.mu.Unlock()
	}
}

// echoLocked holds one lock for all clients while it writes.
func echoLocked(s *Server, conn *net.TCPConn) {
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		s.mu.Lock()
		_, err = conn.Write(buf[:n])
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// leakLimit is how many descriptors a leaking server has, as `ulimit -n` says.
const leakLimit = 256

// echoLeaks forgets to close a connection that has ended with an error. When
// its descriptors are used up it serves nobody.
func echoLeaks(s *Server, conn *net.TCPConn) {
	s.mu.Lock()
	usedUp := s.leaked >= leakLimit
	s.mu.Unlock()
	if usedUp {
		select {}
	}
	if _, err := io.Copy(conn, conn); err != nil {
		s.mu.Lock()
		s.leaked++
		s.mu.Unlock()
	}
}
