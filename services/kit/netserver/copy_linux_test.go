package netserver_test

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// TestIOCopyReachesSplice proves that wrapping the socket in a Conn does not
// lose splice(2). Between two sockets it needs a pipe, so every connection that
// copies that way has one open, two descriptors; a loop has none.
func TestIOCopyReachesSplice(t *testing.T) {
	const clients = 50
	tests := []struct {
		name    string
		handler netserver.Handler
		splices bool
	}{
		{"a read/write loop", echo, false},
		{"io.Copy(conn, conn)", func(_ context.Context, conn *netserver.Conn) error {
			_, err := io.Copy(conn, conn)
			return err
		}, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server, _ := start(t, test.handler, netserver.Limits{})
			for range clients {
				alice := nettest.Dial(t, server.Addr)
				alice.Send("hello")
				alice.Expect("hello")
			}
			// Fewer than all of them may be the runtime's, left
			// from earlier copies for reuse.
			pipes := openPipes(t)
			if got := pipes >= 2*clients; got != test.splices {
				t.Errorf("%d descriptors are pipes; splice: %v, want %v", pipes, got, test.splices)
			}
		})
	}
}

// openPipes counts this process's descriptors that are pipes.
func openPipes(t *testing.T) int {
	t.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	pipes := 0
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && strings.HasPrefix(target, "pipe:") {
			pipes++
		}
	}
	return pipes
}
