//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"socketlab/kit/nettest"
)

// The checker starts the client once for each check, and tells it where to
// connect. This one does not: so it is started once.
func TestRunTellsTheClientWhere(t *testing.T) {
	for _, command := range []string{
		"%s", "%s {host} {port}", "sh %s", `at={addr}; %s ${at%:*} ${at#*:}`,
	} {
		file := filepath.Join(t.TempDir(), "started")
		script := filepath.Join(t.TempDir(), "client")
		text := fmt.Sprintf("#!/bin/sh\necho \"$1:$2 and $# words\" >> %s\n", file)
		if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		code, said := checker(t, "client", "--run", strings.ReplaceAll(command, "%s", script))
		started, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("%s: %v\n%s", command, err, said)
		}
		addr, words, _ := strings.Cut(string(started), " ")
		if code != exitNobody || words != "and 2 words\n" || !strings.Contains(said, "no client has connected to "+addr+". This was run:\n") {
			t.Errorf("%s: exit code %d, started %q\n%s", command, code, started, said)
		}
	}
}

// A client that ends without having connected: its own words say why.
func TestRunShowsWhyNobodyCame(t *testing.T) {
	for _, test := range []struct{ command, says string }{
		{"echo oh; echo no >&2; exit 7", "This was run:\n  echo oh; echo no >&2; exit 7 127.0.0.1 "},
		{"echo oh; echo no >&2; exit 7", "It has ended (exit status 7), and has said:\n  oh\n  no\n"},
		{"printf 'a\\033[2Jb'", "\n  ab\n"}, // and the screen is not cleared
		{"/no/such/program", "exit status 127"},
	} {
		code, said := checker(t, "client", "--run", test.command)
		if code != exitNobody || !strings.Contains(said, test.says) {
			t.Errorf("%s: exit code %d, want the text %q\n%s", test.command, code, test.says, said)
		}
	}
}

// What the client has written last is in a failure, in each form of it.
func TestRunShowsWhatTheClientWrote(t *testing.T) {
	command := "echo I go to {addr}; exec " + build(t, "broken-client") + " -addr {addr}"
	for _, form := range []string{"--all", "--json", "--tap"} {
		code, said := checker(t, "client", "--run", command, "--timeout", "10s", form)
		if code != exitFailed || !strings.Contains(said, "I go to 127.0.0.1:") {
			t.Errorf("%s: exit code %d\n%s", form, code, said)
		}
	}
}

// neverEnds is a client with a child. As long as one of them lives, the FIFO has
// somebody who could write into it. started waits until there is somebody, ended
// until there is nobody any more.
func neverEnds(t *testing.T) (command string, started, ended func()) {
	t.Helper()
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	var reader *os.File
	started = func() {
		t.Helper()
		var err error
		if reader, err = os.Open(fifo); err != nil { // waits for one who writes: fifo(7)
			t.Fatal(err)
		}
		t.Cleanup(func() { reader.Close() })
	}
	ended = func() {
		t.Helper()
		if _, err := io.Copy(io.Discard, reader); err != nil {
			t.Error(err)
		}
	}
	return fmt.Sprintf("exec >%s; sleep 3000 & sleep 3000; : {port}", fifo), started, ended
}

// A client that hangs is ended with all that it has started, in the end and when
// the checker is stopped.
func TestRunLeavesNothingBehind(t *testing.T) {
	command, started, ended := neverEnds(t)
	done := make(chan bool)
	go func() {
		defer close(done)
		if code, said := checker(t, "client", "--run", command, "--wait", "1s"); code != exitNobody || !strings.Contains(said, "It was still running, and has said:\n  (nothing)\n") {
			t.Errorf("exit code %d\n%s", code, said)
		}
	}()
	started()
	<-done
	ended()

	for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		command, started, ended := neverEnds(t)
		p := nettest.Start(t, nil, []string{"client", "--run", command})
		started()
		p.Signal(signal)
		if code := p.Wait(); code != exitStopped {
			t.Errorf("%v: exit code %d\n%s", signal, code, p.Log)
		}
		ended()
	}
}
