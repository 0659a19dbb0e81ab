package main

import (
	"net"
	"os/exec"
	"strings"
	"testing"

	"socketlab/kit/nettest"
)

// node returns the program, or skips the test where it is not installed.
func node(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		t.Skip("Node.js is not on this machine")
	}
	return path
}

// The servers of the original Node.js guide are right, as far as their suites
// go. The benchmark has them.
func TestTheOriginalServersPass(t *testing.T) {
	program := node(t)
	for _, test := range []struct{ suite, script, mode string }{
		{"echo", "echo.js", "data"},
		{"echo", "echo.js", "pipe"},
		{"upper-raw", "upper.js", "raw"},
	} {
		t.Run(test.script+" "+test.mode, func(t *testing.T) {
			addr := absent(t)
			_, port, _ := net.SplitHostPort(addr)
			server := exec.Command(program, "../../scripts/benchmark/peers/"+test.script, test.mode, port)
			nettest.Run(t, server)
			if code, said := checker(t, test.suite, "--target", addr); code != 0 {
				t.Errorf("exit code %d\n%s", code, said)
			}
		})
	}
}

func TestTheLabsClientPasses(t *testing.T) {
	client := build(t, "scripted-client") + " -addr={addr}"
	for i := range *runs {
		if code, said := checker(t, "client", "--run", client); code != 0 {
			t.Fatalf("run %d: exit code %d\n%s", i+1, code, said)
		}
	}
}

// The client of the original guide takes one read for one message. This is the
// truth about it.
func TestTheOriginalClientFailsAtTheJoinedQUIT(t *testing.T) {
	code, said := checker(t, "client", "--run", node(t)+" ../broken-client/client.js")
	if code != 1 || !strings.Contains(said, "ok    UPPER-4  it leaves when QUIT comes by itself\n") ||
		!strings.Contains(said, "FAIL  UPPER-13 it leaves when QUIT comes together with the answer\n") {
		t.Errorf("exit code %d\n%s", code, said)
	}
}
