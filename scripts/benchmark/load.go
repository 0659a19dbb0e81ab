package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/sync/errgroup"
)

// A load is so many clients, each of which sends a message, waits until all
// of its answer has come, checks it, and sends the next.
type load struct {
	name     string
	conns    int
	size     int // bytes a message
	messages func(size int) [][]byte
}

// window is the time in which messages count. What comes before it warms up
// the server; all clients stop at its end.
type window struct{ begin, end time.Time }

// lateLimit is how long after the window the last answer may come.
const lateLimit = 10 * time.Second

// dial opens the load's connections. Each has a deadline, so that a server
// that stops answering cannot hold up the run.
func (l load) dial(ctx context.Context, addr string, deadline time.Time) ([]net.Conn, error) {
	var conns []net.Conn
	for range l.conns {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if err != nil {
			return nil, errors.Join(err, closeAll(conns))
		}
		conn.SetDeadline(deadline)
		conns = append(conns, conn)
	}
	return conns, nil
}

// run talks to a server on all conns until the window is over and returns the
// round-trip times, in microseconds, of the messages that fell into it.
func (l load) run(ctx context.Context, conns []net.Conn, p protocol, w window) (*hdrhistogram.Histogram, error) {
	clients, ctx := errgroup.WithContext(ctx)
	forget := context.AfterFunc(ctx, func() { closeAll(conns) })
	defer forget()

	times := make([]*hdrhistogram.Histogram, len(conns))
	for i, conn := range conns {
		times[i] = newTimes()
		clients.Go(func() error {
			if err := l.talk(conn, p, w, times[i]); err != nil {
				return fmt.Errorf("%s: %w", l.name, err)
			}
			return nil
		})
	}
	if err := clients.Wait(); err != nil {
		return nil, err
	}
	all := newTimes()
	for _, t := range times {
		all.Merge(t)
	}
	return all, nil
}

// talk is one client. It allocates nothing on its way: the generator shares
// the machine with the server.
func (l load) talk(conn net.Conn, p protocol, w window, times *hdrhistogram.Histogram) error {
	turns := p.turns(l.messages(l.size))
	got := make([]byte, longestAnswer(turns))
	if err := p.awaitGreeting(conn); err != nil {
		return err
	}
	sent := time.Now()
	for i := 0; ; i = (i + 1) % len(turns) {
		if err := turns[i].take(conn, got); err != nil {
			return err
		}
		now := time.Now()
		if now.After(w.end) {
			return nil
		}
		if sent.After(w.begin) {
			if err := times.RecordValue(now.Sub(sent).Microseconds()); err != nil {
				return err
			}
		}
		sent = now
	}
}

// newTimes holds from one microsecond to a minute, with three digits.
func newTimes() *hdrhistogram.Histogram {
	return hdrhistogram.New(1, time.Minute.Microseconds(), 3)
}

func closeAll(conns []net.Conn) error {
	var errs []error
	for _, conn := range conns {
		errs = append(errs, conn.Close())
	}
	return errors.Join(errs...)
}
