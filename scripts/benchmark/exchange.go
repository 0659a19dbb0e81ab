package main

import (
	"context"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/sync/errgroup"
)

// An exchange is a load of so many clients, each of which sends a message,
// waits until all of its answer has come, checks it, and sends the next.
type exchange struct {
	name   string
	conns  int
	size   int // bytes a message
	script script
}

func (l exchange) title() string     { return l.name }
func (l exchange) messageSize() int  { return l.size }
func (l exchange) clients() []client { return make([]client, l.conns) }

// prepared has what all clients say in memory.
func (l exchange) prepared(p protocol) load {
	said := make([]func() turn, l.conns)
	for who := range said {
		said[who] = l.script(l, p, who)
	}
	l.script = func(_ exchange, _ protocol, who int) func() turn { return said[who] }
	return l
}

// run measures round trips.
func (l exchange) run(ctx context.Context, conns []net.Conn, p protocol, w window) (*hdrhistogram.Histogram, error) {
	clients, ctx := errgroup.WithContext(ctx)
	forget := context.AfterFunc(ctx, func() { closeAll(conns) })
	defer forget()

	times := newSharedTimes()
	for i, conn := range conns {
		clients.Go(func() error {
			if err := l.talk(i, conn, p, w, times.of(i)); err != nil {
				return fmt.Errorf("%s: %w", l.name, err)
			}
			return nil
		})
	}
	if err := clients.Wait(); err != nil {
		return nil, err
	}
	return times.all(), nil
}

// talk is client number who. It allocates as little as its script does: the
// generator shares the machine with the server.
func (l exchange) talk(who int, conn net.Conn, p protocol, w window, times *sharedTimesPart) error {
	next := l.script(l, p, who)
	var got []byte
	sent := time.Now()
	for {
		t := next()
		got = slices.Grow(got[:0], len(t.heard))
		if err := t.take(conn, got); err != nil {
			return err
		}
		now := time.Now()
		if now.After(w.end) {
			return p.checkStep(conn)
		}
		// Whenever it was sent: as much of the work for those that arrive
		// in the window is before it as is in it for those that do not.
		if now.After(w.begin) {
			if err := times.record(now.Sub(sent)); err != nil {
				return err
			}
		}
		sent = now
	}
}
