package mutants

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"time"
)

// A ClientFault is a row in the table of clients that are wrong.
type ClientFault struct {
	Name string
	// Trips is the title of the check at which the checker must find it.
	Trips string
	// Talk is the client's life on one connection, which is closed behind it.
	Talk func(conn *net.TCPConn)
}

// hello is what the clients say.
const hello = "Hello from the client!\n"

// Clients lists the faults of a client that leaves on QUIT.
func Clients() []ClientFault {
	return []ClientFault{
		{"says-nothing", "the client hears the greeting, and says something", func(conn *net.TCPConn) {
			io.Copy(io.Discard, conn)
		}},
		{"never-leaves", "it leaves when QUIT comes by itself", func(conn *net.TCPConn) {
			io.WriteString(conn, hello)
			io.Copy(io.Discard, conn)
		}},
		{"compares-a-chunk", "it leaves when QUIT comes together with the answer", untilChunk(func(chunk string) bool {
			return chunk == "QUIT"
		})},
		{"looks-at-the-end-of-a-chunk", "it leaves when QUIT comes in pieces", untilChunk(func(chunk string) bool {
			return strings.HasSuffix(strings.TrimSpace(chunk), "QUIT")
		})},
		{"leaves-after-a-pause", "it waits for a QUIT that comes late", func(conn *net.TCPConn) {
			io.WriteString(conn, hello)
			untilLine(hasty{conn}, "QUIT")
		}},
		{"looks-for-QUIT-anywhere", "it stays when QUIT is only a part of a word", func(conn *net.TCPConn) {
			io.WriteString(conn, hello)
			var all []byte
			buf := make([]byte, 4096)
			for !bytes.Contains(all, []byte("QUIT")) {
				n, err := conn.Read(buf)
				if err != nil {
					return
				}
				all = append(all, buf[:n]...)
			}
		}},
		{"waits-for-a-server-that-has-gone", "it ends when the server closes without a QUIT", func(conn *net.TCPConn) {
			io.WriteString(conn, hello)
			if !untilLine(conn, "QUIT") {
				time.Sleep(time.Hour)
			}
		}},
	}
}

// untilChunk says hello and leaves at the chunk that is the one.
func untilChunk(isTheOne func(chunk string) bool) func(*net.TCPConn) {
	return func(conn *net.TCPConn) {
		io.WriteString(conn, hello)
		buf := make([]byte, 4096)
		for {
			n, err := conn.Read(buf)
			if err != nil || isTheOne(string(buf[:n])) {
				return
			}
		}
	}
}

// hasty is a connection that ends for who reads when nothing has come for a
// while.
type hasty struct{ conn *net.TCPConn }

func (h hasty) Read(p []byte) (int, error) {
	h.conn.SetReadDeadline(time.Now().Add(1500 * time.Millisecond))
	return h.conn.Read(p)
}

// untilLine reads up to the line that is word, and reports whether it came.
func untilLine(conn io.Reader, word string) bool {
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		if lines.Text() == word {
			return true
		}
	}
	return false
}

// Visit connects to addr again and again, until ctx ends or nobody listens any
// more, as a learner does who starts the client for each check.
func Visit(ctx context.Context, addr string, talk func(conn *net.TCPConn)) {
	for ctx.Err() == nil {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if err != nil {
			return
		}
		stop := context.AfterFunc(ctx, func() { conn.Close() })
		talk(conn.(*net.TCPConn))
		stop()
		conn.Close()
	}
}
