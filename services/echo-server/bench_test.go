package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"socketlab/kit/nettest"
)

// BenchmarkEcho has clients that send a message, wait until all of it has come
// back, check it, and send the next. One operation is one message.
func BenchmarkEcho(b *testing.B) {
	for _, mode := range []string{manual, pipe} {
		for _, load := range []struct {
			name        string
			conns, size int
		}{
			{"64B×50", 50, 64},
			{"64KiB×4", 4, 64 << 10},
		} {
			b.Run(fmt.Sprintf("mode=%s/load=%s", mode, load.name), func(b *testing.B) {
				benchmarkEcho(b, mode, load.conns, load.size)
			})
		}
	}
}

func benchmarkEcho(b *testing.B, mode string, conns, size int) {
	addr := start(b, mode)
	clients := make([]*pingPong, conns)
	for i := range clients {
		clients[i] = dialPingPong(b, addr, size)
		clients[i].mustEcho(b) // warms up both ends
	}
	b.SetBytes(int64(size))
	// The clients allocate nothing: what is shown is the server's.
	nettest.Crowd(b, conns, func(client, turns int) error {
		for range turns {
			if err := clients[client].echo(); err != nil {
				return err
			}
		}
		return nil
	})
}

// TestAMessageCostsNoAllocation counts what is allocated in the whole process
// while messages go to and fro. The client allocates nothing, so it is the
// server that is counted; it runs in a goroutine of its own, and AllocsPerRun
// sees all goroutines.
func TestAMessageCostsNoAllocation(t *testing.T) {
	for _, size := range []int{1, 64, 64 << 10} {
		client := dialPingPong(t, start(t, manual), size)
		client.mustEcho(t)
		// AllocsPerRun rounds down: less than one a message is 0, so
		// that a buffer lost to the garbage collector does not count.
		allocs := testing.AllocsPerRun(1000, func() {
			if err := client.echo(); err != nil {
				t.Error(err)
			}
		})
		if allocs != 0 {
			t.Errorf("%d bytes: %v allocations a message, want 0", size, allocs)
		}
	}
}

// pingPong is a client with all the memory it will ever need.
type pingPong struct {
	conn           net.Conn
	message, heard []byte
}

func dialPingPong(tb testing.TB, addr string, size int) *pingPong {
	tb.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		tb.Fatal(err)
	}
	// Cleanups run last in, first out: the client leaves before the
	// server is stopped.
	tb.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(time.Hour)) // go test has a limit of its own
	message := make([]byte, size)
	for i := range message {
		message[i] = byte(i * 7)
	}
	return &pingPong{conn: conn, message: message, heard: make([]byte, size)}
}

// echo sends the message and wants it back. It changes a byte each time, so
// that the echo of the message before would be noticed.
func (p *pingPong) echo() error {
	p.message[0]++
	if _, err := p.conn.Write(p.message); err != nil {
		return err
	}
	if _, err := io.ReadFull(p.conn, p.heard); err != nil {
		return err
	}
	if !bytes.Equal(p.heard, p.message) {
		return fmt.Errorf("sent %.40q, heard %.40q", p.message, p.heard)
	}
	return nil
}

func (p *pingPong) mustEcho(tb testing.TB) {
	tb.Helper()
	if err := p.echo(); err != nil {
		tb.Fatal(err)
	}
}
