package netserver

import (
	"fmt"
	"time"
)

// A client that has been silent for quietShare of the grace has nothing under
// way, and need not be waited for any longer.
const quietShare = 5

// afterForce is how long handlers have to return once their connection has
// been closed under them.
const afterForce = time.Second

// drain ends all connections: those that are silent soon, those that are busy
// when they are done, the rest when the grace is over.
func (r *run) drain() error {
	grace := r.server.Limits.Grace
	open := r.snapshot()
	r.log.WithField("open", len(open)).Info("Shutting down")

	r.shutdown()
	for _, conn := range open {
		conn.beginDrain(grace / quietShare)
	}
	if r.endedWithin(grace) {
		return nil
	}
	rest := r.snapshot()
	r.log.WithField("open", len(rest)).Warn("Grace is over: closing the rest")
	for _, conn := range rest {
		conn.socket.Close() // its Reads and Writes return net.ErrClosed
	}
	if r.endedWithin(afterForce) {
		return nil
	}
	return fmt.Errorf("%d handlers go on although their connection is closed", len(r.snapshot()))
}

// snapshot lists the connections that are open now.
func (r *run) snapshot() []*Conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	open := make([]*Conn, 0, len(r.conns))
	for conn := range r.conns {
		open = append(open, conn)
	}
	return open
}

// endedWithin waits until the last connection has ended, or for limit.
func (r *run) endedWithin(limit time.Duration) bool {
	done := make(chan struct{})
	go func() {
		r.ended.Wait()
		close(done)
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
		return false
	}
}

// beginDrain makes the next Read that finds the client silent for quiet
// return ErrShutdown.
func (c *Conn) beginDrain(quiet time.Duration) {
	c.idle.restart(c.socket, max(quiet, time.Millisecond), c.moved(), ErrShutdown)
}
