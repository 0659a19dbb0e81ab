package netserver

import (
	"context"
	"errors"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"
)

// The pause between two tries of a failing accept. Without one, the loop
// spins: the connection that could not be accepted stays in the backlog, so
// accept fails again at once, and a core is gone.
const (
	firstPause = 5 * time.Millisecond
	maxPause   = time.Second
)

// isPassing reports whether accept may succeed a moment later: accept(2) names
// these errors of the process (EMFILE), the machine (ENFILE, ENOBUFS, ENOMEM)
// and of a client that has gone away in the backlog (ECONNABORTED).
func isPassing(err error) bool {
	for _, passing := range []error{
		syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM,
		syscall.ECONNABORTED, syscall.EINTR,
	} {
		if errors.Is(err, passing) {
			return true
		}
	}
	return false
}

// backoff waits longer from failure to failure and logs only the first of a
// row and the end of it. It belongs to one accept loop.
type backoff struct {
	log      *logrus.Logger
	failures int
	pause    time.Duration
}

// wait pauses after a failed accept, or until ctx is done.
func (b *backoff) wait(ctx context.Context, cause error) {
	b.failures++
	if b.failures == 1 {
		b.pause = firstPause
		b.log.WithError(cause).Warn("Cannot accept clients; they wait in the backlog")
	}
	timer := time.NewTimer(b.pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	b.pause = min(2*b.pause, maxPause)
}

// success ends a row of failures.
func (b *backoff) success() {
	if b.failures == 0 {
		return
	}
	b.log.WithField("tries", b.failures).Warn("Accepting clients again")
	b.failures = 0
}
