package main

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"
)

// Each peer must be a correct echo server, also to a client that sends far
// more than the buffers of both ends hold before it reads, and that says FIN
// long before it has everything back.
func TestPeersEcho(t *testing.T) {
	b := builder{checkout: "../..", dir: t.TempDir()}
	c, err := b.inC(t.Context(), epollC, echoes(), "epoll_echo.c")
	if err != nil {
		t.Fatal(err)
	}
	for _, peer := range []contender{
		c, b.inNode(nodeData, echoes(), "echo.js", "data"), b.inNode(nodePipe, echoes(), "echo.js", "pipe"), b.inNode(nodeLog, echoes(), "echo.js", "log"),
		b.socat(),
	} {
		t.Run(peer.name, func(t *testing.T) {
			checkStream(t, startPeer(t, peer).addr)
		})
	}
}

func startPeer(t *testing.T, peer contender) *process {
	t.Helper()
	if peer.missing != "" {
		t.Skip(peer.missing)
	}
	server, err := peer.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.stop)
	return server
}

// checkStream sends 32 MB, then FIN, and starts to read only after a while.
func checkStream(t *testing.T, addr string) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	message := printable(32 << 20)
	sent := make(chan error, 1)
	go func() {
		_, err := conn.Write(message)
		if err == nil {
			err = conn.(*net.TCPConn).CloseWrite()
		}
		sent <- err
	}()
	time.Sleep(200 * time.Millisecond)
	heard, err := io.ReadAll(conn)
	if err != nil {
		t.Error("reading:", err)
	}
	if err := <-sent; err != nil {
		t.Error("sending:", err)
	}
	if !bytes.Equal(heard, message) {
		t.Errorf("sent %d bytes, %d came back, not the same", len(message), len(heard))
	}
}

func TestStopEndsTheProcess(t *testing.T) {
	node := builder{checkout: "../.."}.inNode(nodeData, echoes(), "echo.js", "data")
	if node.missing != "" {
		t.Skip(node.missing)
	}
	server, err := node.start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	server.stop()
	if _, err := cpuSeconds(server.pid); err == nil {
		t.Errorf("process %d is still there", server.pid)
	}
}

// A contender that cannot start is an error that quotes what it said.
func TestStartReportsLastWords(t *testing.T) {
	node := builder{checkout: "../.."}.inNode("wrong", echoes(), "echo.js", "nonsense")
	if node.missing != "" {
		t.Skip(node.missing)
	}
	began := time.Now()
	server, err := node.start(t.Context())
	if err == nil {
		server.stop()
		t.Fatal("no error")
	}
	if !bytes.Contains([]byte(err.Error()), []byte("usage:")) {
		t.Errorf("got %q, want its usage line", err)
	}
	if took := time.Since(began); took > startLimit/2 {
		t.Errorf("it took %v to notice that the process has ended", took)
	}
}
