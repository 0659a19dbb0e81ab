package main

import (
	"context"
	"fmt"
	"net"

	"github.com/HdrHistogram/hdrhistogram-go"
	"golang.org/x/sync/errgroup"
)

// A fanOut is a load of so many channels. In each of them one client, the
// first, speaks, and all others hear it. A message is what one of them hears
// of a line.
type fanOut struct {
	name      string
	channels  int
	listeners int // in each
	// underWay is how many lines of a channel are under way: said, and not
	// yet heard by the last listener.
	underWay int
	size     int // bytes of a line's text
}

func (l fanOut) title() string    { return l.name }
func (l fanOut) messageSize() int { return l.size }

func (l fanOut) clients() []client { return inChannelsOf(1+l.listeners, 0, l.channels*(1+l.listeners)) }

// prepared is the same: rooms make their lines while they are used, and a line
// is made once for all who hear it.
func (l fanOut) prepared(protocol) load { return l }

// inChannelsOf are the clients from … to-1, of which each size make a channel.
func inChannelsOf(size, from, to int) []client {
	var clients []client
	for i := from; i < to; i++ {
		clients = append(clients, client{fmt.Sprintf("u%d", i), fmt.Sprintf("#r%d", i/size)})
	}
	return clients
}

// run measures deliveries: from the moment before the speaker writes a line to
// the moment when a listener has read it.
func (l fanOut) run(ctx context.Context, conns []net.Conn, p protocol, w window) (*hdrhistogram.Histogram, error) {
	everybody, ctx := errgroup.WithContext(ctx)
	forget := context.AfterFunc(ctx, func() { closeAll(conns) })
	defer forget()

	times, who, members := newSharedTimes(), l.clients(), 1+l.listeners
	for i := range l.channels {
		r := newRoom(l, p, who[i*members], conns[i*members:][:members])
		everybody.Go(func() error { return r.inWords(r.speak(ctx, w)) })
		everybody.Go(func() error { return r.inWords(r.hearNothing()) })
		for n, conn := range r.listeners() {
			everybody.Go(func() error { return r.inWords(r.listen(conn, w, times.of(n))) })
		}
	}
	if err := everybody.Wait(); err != nil {
		return nil, fmt.Errorf("%s: %w", l.name, err)
	}
	return times.all(), nil
}
