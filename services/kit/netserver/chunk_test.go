package netserver

import (
	"context"
	"io"
	"net"
	"sync/atomic"
	"testing"
)

func TestSilentClientsHoldNoBuffer(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := newRun(&Server{Handler: func(_ context.Context, conn *Conn) error {
		for {
			chunk, err := conn.ReadChunk()
			if err != nil {
				return err
			}
			if _, err := conn.Write(chunk); err != nil {
				return err
			}
		}
	}})
	var made atomic.Int64
	r.chunks.New = func() any {
		made.Add(1)
		return new([ChunkSize]byte)
	}
	ended := make(chan error, 1)
	go func() { ended <- r.acceptAll(t.Context(), ln) }()

	const clients = 100
	for range clients {
		conn, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close() // so all of them stay until the end
		if _, err := conn.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
			t.Fatal(err)
		}
	}
	// The race detector makes a pool lose a quarter of what it gets back.
	if n := made.Load(); n > clients*6/10 {
		t.Errorf("%d buffers for %d clients of which one at a time speaks", n, clients)
	}
	ln.Close()
	<-ended
	if err := r.drain(); err != nil {
		t.Error(err)
	}
}
