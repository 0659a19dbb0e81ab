package main

import (
	"context"
	"net"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// A load is what the clients of a server do while it is measured.
type load interface {
	title() string
	messageSize() int // bytes
	clients() []client
	// prepared is the load with all that can be made ready beforehand: what
	// is made while they talk takes time of the window.
	prepared(p protocol) load
	// run lets them talk, each on its own of conns, where all have entered,
	// until the window is over. It returns how long those messages took, in
	// microseconds, that came across in it. What is heard is checked, byte by
	// byte. Where something is wrong, conns are closed.
	run(ctx context.Context, conns []net.Conn, p protocol, w window) (*hdrhistogram.Histogram, error)
}

// window is the time in which messages count. What comes before it warms up
// the server; all clients stop at its end.
type window struct{ begin, end time.Time }

// lateLimit is how long after the window the last message may come, so that a
// server that stops answering cannot hold up the run.
const lateLimit = 10 * time.Second

// newTimes holds from one microsecond to a minute, with three digits.
func newTimes() *hdrhistogram.Histogram {
	return hdrhistogram.New(1, time.Minute.Microseconds(), 3)
}
