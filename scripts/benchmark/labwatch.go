package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// watchLimit is how long it may take until all files are watched.
const watchLimit = time.Minute

// watching runs do while docker compose watch watches.
func (l *lab) watching(ctx context.Context, do func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	cmd := l.command(ctx, "docker", "compose", "watch", "--no-up", "upper-server")
	inOwnGroup(cmd) // Compose runs programs of its own
	cmd.WaitDelay = stopLimit
	ready := newLookout("Watch enabled")
	cmd.Stdout, cmd.Stderr = ready, ready
	if err := cmd.Start(); err != nil {
		return err
	}
	gone := make(chan error, 1)
	go func() { gone <- cmd.Wait() }()
	select {
	case <-ready.seen:
	case err := <-gone:
		return fmt.Errorf("docker compose watch has ended: %w; its last words: %q", err, &ready.words)
	case <-time.After(watchLimit):
		stop()
		<-gone
		return fmt.Errorf("docker compose watch does not begin; its last words: %q", &ready.words)
	}
	err := do(ctx)
	stop()
	<-gone
	return err
}

// A lookout takes what a program says, and closes seen when it has said what is
// waited for.
type lookout struct {
	want  string
	seen  chan struct{}
	words lastWords
}

func newLookout(want string) *lookout { return &lookout{want: want, seen: make(chan struct{})} }

// Write is called by one goroutine: exec.Cmd has one for a writer that is both
// Stdout and Stderr.
func (o *lookout) Write(p []byte) (int, error) {
	n, err := o.words.Write(p)
	if o.want != "" && strings.Contains(o.words.String(), o.want) {
		o.want = ""
		close(o.seen)
	}
	return n, err
}

// liveLimit is how long an edit may take until it is live.
const liveLimit = 2 * time.Minute

// editToLive changes the greeting and waits until somebody who comes is greeted
// that way.
func (l *lab) editToLive(ctx context.Context) (float64, error) {
	said, err := l.edit()
	if err != nil {
		return 0, err
	}
	return l.timed(func() error {
		deadline := time.Now().Add(liveLimit)
		for time.Now().Before(deadline) {
			if greetedBy(l.port, len(said)) == said {
				return nil
			}
			if err := sleep(ctx, 50*time.Millisecond); err != nil {
				return err
			}
		}
		return fmt.Errorf("not live after %s", liveLimit)
	})
}

// greetedBy is what a server says first, up to size bytes of it; "" where none
// answers, which is so while Docker replaces it.
func greetedBy(port, size int) string {
	conn, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return ""
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(time.Second))
	text := make([]byte, size)
	n, _ := io.ReadFull(conn, text)
	return string(text[:n])
}
