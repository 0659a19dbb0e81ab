package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"socketlab/checker/check"
	"socketlab/checker/report"
	"socketlab/checker/suites"
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

// eachTime is a check.Watcher that starts a client for each check, as a learner
// does.
type eachTime struct {
	check.Watcher
	start func(addr string)
	addr  string
}

func (e *eachTime) Begin(r *check.Result) {
	e.Watcher.Begin(r)
	e.addr = r.Target
	e.start(e.addr)
}

func (e *eachTime) Done(o check.Outcome) {
	e.Watcher.Done(o)
	if o.Verdict == check.Passed {
		e.start(e.addr)
	}
}

// checkClient runs the suite client on a program: words, then HOST and PORT, or
// HOST:PORT behind the last word if that ends in "=". It returns what the
// checker says, and whether all has passed.
func checkClient(t *testing.T, words ...string) (said string, passed bool) {
	t.Helper()
	var out bytes.Buffer
	people := &report.People{Out: &out, Hint: 1, Again: func(*check.Suite) string { return "checker client" }}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	watch := &eachTime{Watcher: people, start: func(addr string) {
		args := append([]string(nil), words[1:]...)
		if last := len(args) - 1; last >= 0 && strings.HasSuffix(args[last], "=") {
			args[last] += addr
		} else {
			host, port, _ := net.SplitHostPort(addr)
			args = append(args, host, port)
		}
		client := exec.CommandContext(ctx, words[0], args...)
		if err := client.Start(); err != nil {
			t.Error(err)
			return
		}
		go client.Wait() // how it ends says nothing: the checker judges what it does
	}}
	r, err := check.Run(t.Context(), suites.Client(), check.Options{
		Target: "127.0.0.1:0", Wait: nettest.Limit, Limits: check.Limits{Answer: nettest.Limit / 4}, Watch: watch,
	})
	if err != nil {
		t.Error(err)
	}
	return out.String(), r.Passed()
}

func TestTheLabsClientPasses(t *testing.T) {
	if said, passed := checkClient(t, build(t, "scripted-client"), "-addr="); !passed {
		t.Error(said)
	}
}

// The client of the original guide takes one read for one message. This is the
// truth about it.
func TestTheOriginalClientFailsAtTheJoinedQUIT(t *testing.T) {
	said, _ := checkClient(t, node(t), "../broken-client/client.js")
	if !strings.Contains(said, "ok    UPPER-4  it leaves when QUIT comes by itself\n") ||
		!strings.Contains(said, "FAIL  UPPER-13 it leaves when QUIT comes together with the answer\n") {
		t.Error(said)
	}
}
