package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// A contender is one server of a comparison.
type contender struct {
	name     string
	protocol protocol
	// missing says why it cannot run on this machine; "" where it can.
	missing string
	// command starts it on 127.0.0.1:port.
	command func(ctx context.Context, port int) (*exec.Cmd, error)
	// perConn is how many descriptors a connection takes there; 0: one.
	perConn int
	// records is how many it holds when it is measured. fill, where it keeps
	// records, makes a contender that starts with so many.
	records int
	fill    func(ctx context.Context, records int) (contender, error)
}

// How long a server has to answer its first client, and to go when asked to.
const (
	startLimit = 10 * time.Second
	stopLimit  = 2 * time.Second
)

// process is a contender that runs.
type process struct {
	pid     int
	perConn int
	addr    string
	took    time.Duration // from its start to its first answer
	// end asks it to go, and after stopLimit makes it; gone is closed when
	// it has gone.
	end  context.CancelFunc
	gone chan struct{}
}

// start runs the contender on a free port and waits until it answers. Its
// standard output and error go, for every contender alike, into pipes that
// are read and forgotten, as Docker would read them.
func (c contender) start(ctx context.Context) (*process, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	alive, end := context.WithCancel(ctx)
	cmd, err := c.command(alive, port)
	if err != nil {
		end()
		return nil, err
	}
	inOwnGroup(cmd)
	cmd.WaitDelay = stopLimit
	said := &lastWords{}
	cmd.Stdout, cmd.Stderr = said, said
	began := time.Now()
	if err := cmd.Start(); err != nil {
		end()
		return nil, fmt.Errorf("%s: %w", c.name, err)
	}
	p := &process{
		pid: cmd.Process.Pid, perConn: max(1, c.perConn), addr: net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		end: end, gone: make(chan struct{}),
	}
	go func() {
		cmd.Wait() // how it leaves is not what is measured: no exit code counts
		close(p.gone)
	}()
	if err := p.awaitAnswer(ctx, c.protocol); err != nil {
		p.stop()
		return nil, fmt.Errorf("%s does not answer: %w; its last words: %q", c.name, err, said)
	}
	p.took = time.Since(began)
	return p, nil
}

// inOwnGroup makes cmd the leader of a process group, to which all belong that
// it starts, and lets its context end the whole group.
func inOwnGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
}

// stop ends the process and waits until it is gone.
func (p *process) stop() {
	p.end()
	<-p.gone
}

// awaitAnswer tries until one client has got its answer.
func (p *process) awaitAnswer(ctx context.Context, speak protocol) error {
	deadline := time.Now().Add(startLimit)
	for {
		err := askOnce(p.addr, speak, time.Now().Add(time.Second))
		if err == nil || time.Now().After(deadline) {
			return err
		}
		select {
		case <-p.gone:
			return errors.New("it has ended")
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// askOnce opens a connection and enters.
func askOnce(addr string, speak protocol, deadline time.Time) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(deadline)
	return speak.enter(conn, client{"probe", "#probe"})
}

// freePort finds a port nobody listens on. Somebody may take it before the
// server does; then the server fails to start, and that is reported.
func freePort() (int, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := ln.Addr().(*net.TCPAddr).Port
	return port, ln.Close()
}

// sleep waits for d, or less when ctx is done.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// lastWords keeps the end of what a server says, for the case that it fails.
type lastWords struct {
	mu   sync.Mutex
	tail []byte
}

const maxLastWords = 500

func (w *lastWords) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tail = append(w.tail, p[max(0, len(p)-maxLastWords):]...)
	w.tail = append(w.tail[:0], w.tail[max(0, len(w.tail)-maxLastWords):]...)
	return len(p), nil
}

func (w *lastWords) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.tail)
}
