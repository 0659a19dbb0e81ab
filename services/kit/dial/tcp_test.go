package dial

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"socketlab/kit/nettest"
)

func TestTCP(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	conn, err := TCP(t.Context(), addr, nettest.Limit)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	ln.Close()

	conn, err = TCP(t.Context(), addr, nettest.Limit)
	_, port, _ := net.SplitHostPort(addr)
	want := "nobody listens on port " + port + " of 127.0.0.1: is the server up? (dial tcp " + addr + ": connect: connection refused)"
	var noConnection *Error
	if conn != nil || !errors.As(err, &noConnection) || err.Error() != want || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("got  %v, %v\nwant %s", conn, err, want)
	}
}

func TestNoTimeIsLeft(t *testing.T) {
	for _, timeout := range []time.Duration{0, -time.Second} {
		_, err := TCP(t.Context(), "127.0.0.1:1", timeout)
		if err == nil || !strings.HasPrefix(err.Error(), "127.0.0.1 did not answer on port 1: ") || !IsTimeout(err) {
			t.Errorf("%v: %v", timeout, err)
		}
	}
}

func TestTheCauseThatEndedCtx(t *testing.T) {
	ctx, end := context.WithCancelCause(t.Context())
	end(os.ErrProcessDone)
	if conn, err := TCP(ctx, "127.0.0.1:1", nettest.Limit); conn != nil || err != os.ErrProcessDone {
		t.Errorf("got %v, %v", conn, err)
	}
}
