package main

import (
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"socketlab/checker/golden"
	"socketlab/kit/nettest"
)

// Five echo servers as beginners write them, each wrong in its own way, and what
// the checker says about it.
func TestBeginnersServers(t *testing.T) {
	for _, server := range []struct{ file, fails string }{
		{"one-client.py", "a second client is served while the first one is silent"},
		{"one-read.go", "each message on a connection comes back, not only the first"},
		{"half-close.js", "after the client's FIN the server closes, too"},
		{"lost-answer.py", "what was sent before a half-close still comes back"},
		{"text.js", "bytes that are no text come back unchanged"},
	} {
		t.Run(server.file, func(t *testing.T) {
			t.Parallel() // they wait
			command := beginner(t, filepath.Join("testdata", "beginners", server.file))
			addr := absent(t)
			_, port, _ := net.SplitHostPort(addr)
			nettest.Run(t, exec.Command(command[0], append(command[1:], port)...))
			code, said := checker(t, "echo", "--seed", "1", "--target", addr)
			if code != exitFailed || !strings.Contains(said, server.fails+"\n\n") {
				t.Errorf("exit code %d, and it does not fail at %q:\n%s", code, server.fails, said)
			}
			if _, late, found := strings.Cut(said, "not there yet"); found {
				_, said, _ = strings.Cut(late, "\n")
				said = "echo: checks the server at " + addr + ", seed 1\n" + said
			}
			said = strings.ReplaceAll(said, addr, "TARGET")
			golden.Compare(t, filepath.Join("testdata", "beginners", server.file+".txt"), said)
		})
	}
}

// beginner is the command that starts a program, but for its port.
func beginner(t *testing.T, file string) []string {
	t.Helper()
	switch filepath.Ext(file) {
	case ".py":
		return []string{interpreter(t, "python3"), file}
	case ".js":
		return []string{node(t), file}
	}
	program := filepath.Join(t.TempDir(), "server")
	if out, err := exec.Command("go", "build", "-o", program, file).CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", file, err, out)
	}
	return []string{program}
}
