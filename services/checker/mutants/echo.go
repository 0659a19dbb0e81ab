package mutants

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"strings"
	"time"
)

// Echo lists the faults of an echo server.
func Echo() []Fault {
	return append([]Fault{
		{Name: "greets", Trips: "the client speaks first, and hears itself", Handle: plain(func(s *Server, conn io.ReadWriter) error {
			io.WriteString(conn, "Welcome!\n")
			return echo(s, conn)
		})},
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
	}, manyFaults(func() handler { return echo })...)
}

// echo is an echo server without a fault.
func echo(_ *Server, conn io.ReadWriter) error {
	_, err := io.Copy(conn, conn)
	return err
}

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
