package netserver

import (
	"errors"
	"net"
	"sync"
	"time"
)

// ErrIdle is what a Read returns when no byte went either way for
// Limits.IdleTimeout.
var ErrIdle = errors.New("idle for too long")

// ErrShutdown is what a Read returns when the server is shutting down and the
// client has nothing under way. The handler may still write.
var ErrShutdown = errors.New("server shutting down")

// checksPerTimeout is how many quiet checks in a row make a connection idle.
const checksPerTimeout = 4

// idleWatch tells an idle connection from a busy one, at no cost to a busy
// one. To move the deadline at each Read is the usual way, and a timer's worth
// of work for every message. Here the deadline stands, a quarter of the
// timeout ahead; only when it passes, somebody looks whether bytes have moved
// since the last look.
type idleWatch struct {
	// mu guards all below. It is taken once in a quarter of the timeout.
	mu      sync.Mutex
	timeout time.Duration // 0: never idle
	moved   int64         // the connection's bytes at the last look
	quiet   int           // looks in a row that found nothing new
	verdict error         // what an idle Read returns
	stopped bool          // the deadline is no longer ours
}

// start begins to watch socket. 0: it may be idle for ever.
func (w *idleWatch) start(socket net.Conn, timeout time.Duration) {
	w.restart(socket, timeout, 0, ErrIdle)
}

// restart begins again with another timeout and another verdict. moved is how
// many bytes the connection has moved so far.
func (w *idleWatch) restart(socket net.Conn, timeout time.Duration, moved int64, verdict error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.stopped {
		return
	}
	w.timeout, w.moved, w.quiet, w.verdict = timeout, moved, 0, verdict
	w.arm(socket)
}

// look is called when the deadline has passed. It returns nil and sets the
// next deadline while the connection is not idle, else the verdict.
func (w *idleWatch) look(socket net.Conn, moved int64) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.quiet++
	if moved != w.moved {
		w.moved, w.quiet = moved, 0
	}
	if w.stopped || w.quiet >= checksPerTimeout {
		return w.verdict
	}
	w.arm(socket)
	return nil
}

// stop ends the watch and leaves the socket with one last deadline.
func (w *idleWatch) stop(socket net.Conn, deadline time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = true
	socket.SetDeadline(deadline)
}

// arm sets the next deadline. w.mu is held.
func (w *idleWatch) arm(socket net.Conn) {
	if w.timeout > 0 {
		socket.SetReadDeadline(time.Now().Add(w.timeout / checksPerTimeout))
	}
}
