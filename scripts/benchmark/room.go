package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// A room is one channel of a fanOut while it runs.
type room struct {
	protocol protocol
	who      client     // that speaks
	conns    []net.Conn // the speaker's, and all listeners'
	size     int        // bytes of a line's text
	texts    [][]byte   // of which lines are made

	// lines are those under way, number n at n modulo their count. The
	// speaker fills a place before said is more than n, and not again before
	// the last listener has freed it; listeners only look at what is said.
	// All of them take a line in the same order, so places come free in that
	// order too.
	lines []line
	said  atomic.Int64  // how many lines
	free  chan struct{} // has one for each free place
	over  atomic.Bool   // all that was said has been heard, and nothing will follow
}

// A line is under way from the speaker to the listeners.
type line struct {
	heard []byte // what each must hear
	sent  time.Time
	left  atomic.Int64 // listeners that have not heard it
}

func newRoom(l fanOut, p protocol, who client, conns []net.Conn) *room {
	r := &room{
		protocol: p, who: who, conns: conns, size: l.size,
		texts: pieces(l.size - numberSize),
		lines: make([]line, l.underWay), free: make(chan struct{}, l.underWay),
	}
	for range l.underWay {
		r.free <- struct{}{}
	}
	return r
}

func (r *room) speaker() net.Conn     { return r.conns[0] }
func (r *room) listeners() []net.Conn { return r.conns[1:] }

// inWords says in which channel an error was.
func (r *room) inWords(err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", r.who.channel, err)
	}
	return nil
}

// numberSize is what a line's number takes of its text.
const numberSize = len("0000000000 ")

// text makes each line another one, with its number in front.
func (r *room) text(n int64) []byte {
	return fmt.Appendf(nil, "%010d %s", n, r.texts[n%int64(len(r.texts))])
}

// speak says one line after the other, as places come free, until the window
// is over, and waits until the last is heard.
func (r *room) speak(ctx context.Context, w window) error {
	for n := int64(0); time.Now().Before(w.end); n++ {
		if err := r.awaitPlace(ctx); err != nil {
			return err
		}
		t := r.protocol.turn(r.who, r.text(n))
		l := &r.lines[n%int64(len(r.lines))]
		l.heard = t.heard
		l.left.Store(int64(len(r.listeners())))
		l.sent = time.Now()
		r.said.Store(n + 1)
		if _, err := r.speaker().Write(t.said); err != nil {
			return err
		}
	}
	for range r.lines {
		if err := r.awaitPlace(ctx); err != nil {
			return err
		}
	}
	r.over.Store(true)
	for _, conn := range r.conns {
		conn.SetReadDeadline(time.Now()) // wakes who reads
	}
	return nil
}

func (r *room) awaitPlace(ctx context.Context) error {
	select {
	case <-r.free:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// readLines is how many lines a listener can read at once, if they come
// joined.
const readLines = 64

// listen is one listener. It allocates nothing on its way, and looks at the
// clock once a read.
func (r *room) listen(conn net.Conn, w window, times *sharedTimesPart) error {
	buf := make([]byte, readLines*r.size)
	rest := 0 // bytes of a line whose end has not come yet
	for next := int64(0); ; {
		n, err := conn.Read(buf[rest:])
		if err != nil {
			return r.ended(err, next, rest)
		}
		now := time.Now()
		got := buf[:rest+n]
		for len(got) > 0 {
			l, err := r.check(next, got)
			if err != nil {
				return err
			}
			if len(got) < len(l.heard) {
				break
			}
			got = got[len(l.heard):]
			if now.After(w.begin) && now.Before(w.end) {
				if err := times.record(now.Sub(l.sent)); err != nil {
					return err
				}
			}
			next++
			if l.left.Add(-1) == 0 {
				r.free <- struct{}{}
			}
		}
		rest = copy(buf, got)
	}
}

// check compares got, or as much of it as line number n is long, with that
// line. Once it is counted as heard, the line may be another one.
func (r *room) check(n int64, got []byte) (*line, error) {
	if n >= r.said.Load() {
		return nil, fmt.Errorf("the server said more than it should, after line %d: %.120q", n-1, got)
	}
	l := &r.lines[n%int64(len(r.lines))]
	size := min(len(got), len(l.heard))
	if !bytes.Equal(got[:size], l.heard[:size]) {
		return nil, otherBytes(l.heard, got[:size])
	}
	return l, nil
}

// ended tells the end of the run from a server that keeps a line to itself.
func (r *room) ended(err error, next int64, rest int) error {
	if r.over.Load() && errors.Is(err, os.ErrDeadlineExceeded) && rest == 0 {
		return nil
	}
	return fmt.Errorf("waiting for line %d: %w", next, err)
}

// hearNothing is the speaker's own ear: a chat does not tell people what they
// say themselves.
func (r *room) hearNothing() error {
	got := make([]byte, r.size)
	n, err := r.speaker().Read(got)
	if n > 0 {
		return fmt.Errorf("the server said something to the speaker: %q", got[:n])
	}
	return r.ended(err, r.said.Load(), 0)
}
