package main

import (
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"socketlab/kit/nettest"
)

// node returns the program, or skips the test where it is not installed.
func node(t *testing.T) string {
	t.Helper()
	return interpreter(t, "node")
}

// interpreter finds a program that the lab itself does not need. Where it is
// missing the test is skipped, but never on CI.
func interpreter(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") != "":
		t.Fatal(err, "; scripts/test setup installs it")
	}
	t.Skip(err)
	return ""
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

// checkClient runs the suite client on a program: words, then HOST and PORT. It
// returns what the checker says, and whether all has passed.
func checkClient(t *testing.T, words ...string) (said string, passed bool) {
	t.Helper()
	code, said := checker(t, "client", "--run", strings.Join(words, " "))
	return said, code == exitPassed
}

func TestTheLabsClientPasses(t *testing.T) {
	passes(t, *runs, "client", "--run", build(t, "scripted-client")+" -addr={addr}")
}

// The client of the original guide takes one read for one message. This is the
// truth about it.
func TestTheOriginalClientFailsAtTheJoinedQUIT(t *testing.T) {
	said, passed := checkClient(t, node(t), "../broken-client/client.js")
	if passed || !strings.Contains(said, "ok    UPPER-4  it leaves when QUIT comes by itself\n") ||
		!strings.Contains(said, "FAIL  UPPER-13 it leaves when QUIT comes together with the answer\n") {
		t.Error(said)
	}
}
