package main

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"socketlab/checker/check"
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
	t.Parallel() // it waits
	forgetsNothing(t, build(t, "crud-server"), func(addr string) string { return slowLine(t, addr) })
}

// forgetsNothing runs both phases on the server program, which line leads to.
func forgetsNothing(t *testing.T, program string, line func(addr string) string) {
	t.Helper()
	env := []string{"CRUD_ADDR=127.0.0.1:0", "CRUD_DATA=" + filepath.Join(t.TempDir(), "crud.db")}
	seed := "5"
	for range 2 {
		server := nettest.StartProgram(t, program, env, nil)
		server.WaitListening()
		target := line(server.Addr)
		passes(t, 1, "crud-durable", "--phase", "write", "--seed", seed, "--target", target)
		server.Signal(syscall.SIGKILL)
		server.Wait()

		server = nettest.StartProgram(t, program, env, nil)
		server.WaitListening()
		target = line(server.Addr)
		verify := []string{"crud-durable", "--phase", "verify", "--target", target, "--seed"}
		passes(t, 2, append(verify, seed)...) // it changes nothing, so it can be repeated
		code, said := checker(t, append(verify, "6")...)
		if code != exitFailed || !strings.Contains(said, "FAIL  CRUD-17  a record that was confirmed is there") ||
			!strings.HasSuffix(said, " crud-durable --phase write --target "+target+" --seed 6\n") {
			t.Errorf("another seed: exit code %d\n%s", code, said)
		}
		server.Signal(syscall.SIGKILL)
		server.Wait()
	}
}

// The first phase says how to begin the second.
func TestWriteSaysHowToVerify(t *testing.T) {
	for _, test := range []struct {
		flags, says string
	}{
		{"--target h:1", "\n    go run ./services/checker crud-durable --phase verify --target h:1 --seed 5"},
		{"--lab", "\n    docker compose kill crud-server\nStart it again:\n    docker compose up -d --wait crud-server\n"},
		{"--lab --target my-server:9000", "\n    docker compose kill my-server\nStart it again:\n    docker compose up -d --wait my-server\n"},
		{"--lab", "\n    docker compose run --rm checker crud-durable --phase verify --seed 5"},
	} {
		cfg, err := parse(append(strings.Fields(test.flags), "crud-durable", "--phase", "write", "--seed", "5"))
		if err != nil {
			t.Fatal(err)
		}
		next := cfg.next(&check.Result{Suite: cfg.suites[0], Seed: cfg.seed})
		if !strings.Contains(next, test.says) {
			t.Errorf("%s: it does not say %q but\n%s", test.flags, test.says, next)
		}
	}
}
