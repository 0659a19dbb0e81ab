package check

import (
	"context"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"time"

	"socketlab/kit/textline"
)

// A program is the learner's client, which the checker itself has started for
// one check. Whoever starts it ends it, by end.
type program struct {
	shown  string // the command, as the shell has got it
	cmd    *exec.Cmd
	said   *tail
	exited chan struct{} // closed when the shell has ended
}

// commandFor returns the command with the address in the place of {host}, {port}
// and {addr}; where it has none of them, host and port become its last words.
func commandFor(command, addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1" // the checker listens on all addresses, and is on this machine
	}
	filled := strings.NewReplacer("{host}", host, "{port}", port, "{addr}", net.JoinHostPort(host, port)).Replace(command)
	if filled == command {
		return command + " " + host + " " + port
	}
	return filled
}

// startProgram runs command by the shell, in a process group of its own, so that
// all that it starts can be ended with it.
func startProgram(ctx context.Context, command, addr string) (*program, error) {
	p := &program{shown: commandFor(command, addr), said: new(tail), exited: make(chan struct{})}
	p.cmd = exec.CommandContext(ctx, "sh", "-c", p.shown)
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	p.cmd.WaitDelay = time.Second // for those who have left the group and hold its output
	inOwnGroup(p.cmd)
	p.cmd.Cancel = func() error { return killGroup(p.cmd) }
	if err := p.cmd.Start(); err != nil {
		return nil, &Fault{fmt.Errorf("cannot run %q: %w", p.shown, err)}
	}
	go func() {
		_ = p.cmd.Wait() // how it ended is in ProcessState
		close(p.exited)
	}()
	return p, nil
}

// wait waits for its end, but no longer than a moment.
func (p *program) wait(moment time.Duration) {
	select {
	case <-p.exited:
	case <-time.After(moment):
	}
}

// end ends it, and all that it has started, if they have not ended by themselves.
func (p *program) end() {
	killGroup(p.cmd) // even behind the shell's end: others of the group may be left
	<-p.exited
}

// fate says what has become of it, and what it has said.
func (p *program) fate() string {
	fate := "It was still running, and has said:"
	select {
	case <-p.exited:
		fate = fmt.Sprintf("It has ended (%s), and has said:", p.cmd.ProcessState)
	default:
	}
	lines := p.said.lines()
	if len(lines) == 0 {
		lines = []string{"(nothing)"}
	}
	return fate + "\n  " + strings.Join(lines, "\n  ")
}

// A tail keeps the last of what is written to it.
type tail struct {
	mu   sync.Mutex // guards kept
	kept []byte
}

// How much of a program's output is kept, and shown.
const (
	maxTail      = 4 << 10 // bytes
	maxTailLines = 10
)

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	t.kept = t.kept[max(0, len(t.kept)-maxTail):]
	return len(p), nil
}

// lines are the last lines, in a form that a terminal can be trusted with.
func (t *tail) lines() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	for line := range strings.Lines(string(t.kept)) {
		lines = append(lines, textline.Printable(strings.TrimRight(line, "\r\n")))
	}
	return lines[max(0, len(lines)-maxTailLines):]
}
