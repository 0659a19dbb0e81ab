package main

import (
	"context"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"socketlab/kit/nettest"
)

// serve says answer to each client, in one write, and returns its address.
func serve(t *testing.T, answer string) string {
	t.Helper()
	return nettest.Listen(t, func(conn *net.TCPConn) {
		io.WriteString(conn, answer)
		io.Copy(io.Discard, conn) // until the client leaves
	})
}

// The lesson needs a client that is wrong, and wrong in this way: a chunk that
// is QUIT is seen, a chunk that only ends in it is not.
var answers = []struct {
	name, answer string
	leaves       bool
}{
	{"QUIT alone", "QUIT", true},
	{"QUIT behind the capitals", "HELLO FROM THE CLIENT!\nQUIT", false},
	{"QUIT with its line end", "QUIT\n", false},
}

func TestItLeavesOnlyWhenAChunkIsQUIT(t *testing.T) {
	for _, test := range answers {
		t.Run(test.name, func(t *testing.T) {
			addr := serve(t, test.answer)
			var out strings.Builder
			if err := run([]string{"-addr", addr, "-runs", "2", "-limit", "500ms"}, &out); err != nil {
				t.Fatal(err)
			}
			want := "0 left on QUIT, 2 hung\n"
			if test.leaves {
				want = "2 left on QUIT, 0 hung\n"
			}
			if out.String() != want {
				t.Errorf("it says %q, want %q", out.String(), want)
			}
		})
	}
}

func TestTheOneInNodeMakesTheSameMistake(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node.js is not installed")
	}
	for _, test := range answers {
		t.Run(test.name, func(t *testing.T) {
			host, port, err := net.SplitHostPort(serve(t, test.answer))
			if err != nil {
				t.Fatal(err)
			}
			limit := 2 * time.Second
			if test.leaves {
				limit = 20 * time.Second
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			out, err := exec.CommandContext(ctx, node, "client.js", host, port).Output()
			left := err == nil && strings.Contains(string(out), "Disconnected from server")
			if left != test.leaves {
				t.Errorf("left: %v, want %v (%v); it printed:\n%s", left, test.leaves, err, out)
			}
		})
	}
}
