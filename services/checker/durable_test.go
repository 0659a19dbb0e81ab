package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"socketlab/kit/nettest"
)

// The lab's server is killed between the phases, and once more with the same
// seed on what is there from the first time.
func TestTheLabForgetsNothing(t *testing.T) {
	program := build(t, "crud-server")
	for range *runs {
		forgetsNothing(t, program, func(addr string) string { return addr })
	}
}

func TestTheLabForgetsNothingBehindASlowLine(t *testing.T) {
	forgetsNothing(t, build(t, "crud-server"), func(addr string) string { return slowLine(t, addr) })
}

// forgetsNothing runs both phases on the server program, which line leads to.
func forgetsNothing(t *testing.T, program string, line func(addr string) string) {
	t.Helper()
	env := []string{"CRUD_ADDR=127.0.0.1:0", "CRUD_DATA=" + filepath.Join(t.TempDir(), "crud.db")}
	for range 2 {
		server := nettest.StartProgram(t, program, env, nil)
		server.WaitListening()
		target := line(server.Addr)
		code, said := checker(t, "crud-durable", "--phase", "write", "--seed", "5", "--target", target)
		next := fmt.Sprintf("go run ./services/checker crud-durable --phase verify --target %s --seed 5\n", target)
		if code != 0 || !strings.HasSuffix(said, next) {
			t.Fatalf("exit code %d, and it does not end with %q:\n%s", code, next, said)
		}
		server.Signal(syscall.SIGKILL)
		server.Wait()
		server = nettest.StartProgram(t, program, env, nil)
		server.WaitListening()
		target = line(server.Addr)
		for range 2 { // it changes nothing, so it can be repeated
			if code, said := checker(t, "crud-durable", "--phase", "verify", "--seed", "5", "--target", target); code != 0 {
				t.Fatalf("exit code %d\n%s", code, said)
			}
		}
		code, said = checker(t, "crud-durable", "--phase", "verify", "--seed", "6", "--target", target)
		if code != 1 || !strings.Contains(said, "FAIL  CRUD-17  a record that was confirmed is there") {
			t.Errorf("another seed: exit code %d\n%s", code, said)
		}
		server.Signal(syscall.SIGKILL)
		server.Wait()
	}
}
