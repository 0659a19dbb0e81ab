package nettest

import (
	"errors"
	"os"
	"os/exec"
	"testing"
	"time"
)

// runMain tells a test binary to be the program instead of its tests.
const runMain = "SOCKETLAB_TEST_RUNS_MAIN"

// Main is for TestMain of a program's tests: they can then start the program
// itself, as a process, without building it (see Start).
func Main(m *testing.M, main func()) {
	if os.Getenv(runMain) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// Process is the program under test in a process of its own. Its log is JSON.
type Process struct {
	t   testing.TB
	Log *Logbook
	// Addr is where a server listens; set by WaitListening.
	Addr   string
	cmd    *exec.Cmd
	exited chan struct{}
}

// Start starts this test binary as the program whose main was given to Main,
// with env, each NAME=value, before all else. wrap, where given, is a command
// in front of it: `sh -c 'ulimit -n 64; exec "$0" "$@"'`. The process is killed
// at the end of the test.
func Start(t testing.TB, env []string, args []string, wrap ...string) *Process {
	t.Helper()
	command := append(append(wrap[:len(wrap):len(wrap)], os.Args[0]), args...)
	p := &Process{t: t, Log: NewLogbook(), exited: make(chan struct{})}
	p.cmd = exec.Command(command[0], command[1:]...)
	p.cmd.Dir = t.TempDir() // no .env but the test's own
	// A program under the race detector would sleep for 1 s at its exit.
	p.cmd.Env = append(os.Environ(), runMain+"=1", "LOG_FORMAT=json", "GORACE=atexit_sleep_ms=0")
	p.cmd.Env = append(p.cmd.Env, env...)
	p.cmd.Stdout, p.cmd.Stderr = p.Log, p.Log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		// The exit code is read from ProcessState; an error here is
		// that code in words.
		_ = p.cmd.Wait()
		close(p.exited)
	}()
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		<-p.exited
	})
	return p
}

// WaitListening waits for the log line that names the address.
func (p *Process) WaitListening() {
	p.t.Helper()
	p.Addr = p.Log.Wait(p.t, "Listening", 1)[0]["addr"].(string)
}

// Signal sends sig. A process that is gone already is no error.
func (p *Process) Signal(sig os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Fatal(err)
	}
}

// Wait waits for the end of the process and returns its exit code, -1 when a
// signal ended it.
func (p *Process) Wait() int {
	p.t.Helper()
	select {
	case <-p.exited:
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(Limit):
		p.t.Fatalf("the process has not ended in %v; its log:\n%s", Limit, p.Log)
		return -1
	}
}
