package netserver

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
)

// panicError is what handle returns for a handler that panicked.
type panicError struct{ cause any }

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.cause) }

// reason says in words why the connection ended, given what its handler
// returned. It is the one place where errors become the log's why.
func (c *Conn) reason(err error) string {
	if aborted := c.aborted.Load(); aborted != nil {
		return aborted.why
	}
	switch {
	case (err == nil || err == io.EOF) && c.sawEOF.Load():
		return "client closed"
	case err == nil:
		return "server closed"
	case errors.Is(err, ErrIdle):
		return "idle"
	case errors.Is(err, ErrShutdown), errors.Is(err, net.ErrClosed):
		return "server shutting down"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "reset by client"
	case errors.Is(err, syscall.ETIMEDOUT), errors.Is(err, os.ErrDeadlineExceeded):
		return "client not reading, or gone"
	}
	return err.Error()
}

// isUnexpected reports whether err deserves a second look in the log: all that
// is neither a client's way of leaving nor the server's own.
func isUnexpected(err error) bool {
	for _, usual := range []error{
		nil, io.EOF, ErrIdle, ErrShutdown, net.ErrClosed, os.ErrDeadlineExceeded,
		syscall.ECONNRESET, syscall.EPIPE, syscall.ETIMEDOUT,
	} {
		if errors.Is(err, usual) {
			return false
		}
	}
	return true
}
