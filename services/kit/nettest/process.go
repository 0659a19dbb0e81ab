package nettest

import (
	"errors"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

const (
	// runMain tells a test binary to be the program instead of its tests.
	runMain = "SOCKETLAB_TEST_RUNS_MAIN"
	// isChild is what every process has that a test has started.
	isChild = "SOCKETLAB_STARTED_BY_A_TEST"
)

// Main is for TestMain of a program's tests: they can then start the program
// itself, as a process, without building it (see Start).
func Main(m *testing.M, main func()) {
	if os.Getenv(runMain) != "" {
		main()
		return
	}
	if os.Getenv(isChild) != "" {
		// Its tests would start it again, and so on until the machine
		// has no room for another process.
		panic("nettest: a test has started this binary, but not as the program")
	}
	os.Exit(m.Run())
}

// Command is this test binary as the program whose main was given to Main, with
// env, each NAME=value, before all else. wrap, where given, is a command in
// front of it: `sh -c 'ulimit -n 64; exec "$0" "$@"'`. It is not started yet:
// this is for a test that gives it a terminal, or a keyboard, and then calls
// Run. Others call Start.
func Command(t testing.TB, env []string, args []string, wrap ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return command(t, slices.Concat([]string{runMain + "=1"}, env), slices.Concat(wrap, []string{self}, args))
}

// command runs words, with env added to the environment.
func command(t testing.TB, env []string, words []string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Dir = t.TempDir() // no .env but the test's own
	// A program under the race detector would sleep for 1 s at its exit.
	cmd.Env = slices.Concat(os.Environ(), []string{isChild + "=1", "LOG_FORMAT=json", "GORACE=atexit_sleep_ms=0"}, env)
	return cmd
}

// Process is a program in a process of its own. Its log is JSON.
type Process struct {
	t testing.TB
	// Log is what it writes, without what Run's caller has taken.
	Log *Logbook
	// Addr is where a server listens; set by WaitListening.
	Addr   string
	cmd    *exec.Cmd
	exited chan struct{}
}

// Start starts the program under test: it is Run with a Command.
func Start(t testing.TB, env []string, args []string, wrap ...string) *Process {
	t.Helper()
	return Run(t, Command(t, env, args, wrap...))
}

// StartProgram starts another program, the file at path, which must be
// absolute, in the same way: with env, each NAME=value, before all else.
func StartProgram(t testing.TB, path string, env []string, args []string) *Process {
	t.Helper()
	return Run(t, command(t, env, slices.Concat([]string{path}, args)))
}

// Run starts cmd, which Command has made. Where its Stdout or Stderr is not
// set, that goes to the Process's Log. The process is killed at the end of the
// test.
func Run(t testing.TB, cmd *exec.Cmd) *Process {
	t.Helper()
	p := &Process{t: t, Log: NewLogbook(), cmd: cmd, exited: make(chan struct{})}
	if cmd.Stdout == nil {
		cmd.Stdout = p.Log
	}
	if cmd.Stderr == nil {
		cmd.Stderr = p.Log
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		// The exit code is read from ProcessState; an error here is
		// that code in words.
		_ = cmd.Wait()
		close(p.exited)
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
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
