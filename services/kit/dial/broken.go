package dial

import (
	"errors"
	"fmt"
	"syscall"
)

// Broken says in words why a connection that was there is no more; err is what
// a read or a write of it returned, and is wrapped. Two errors are the caller's
// own to explain: io.EOF, with which nothing broke, and a deadline that the
// caller has set.
func Broken(err error) error {
	switch {
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return fmt.Errorf("the server broke the connection off, without a goodbye (%w)", err)
	case IsTimeout(err):
		return fmt.Errorf("the server does not answer any more: is it gone, or the network? (%w)", err)
	}
	return fmt.Errorf("the connection broke (%w)", err)
}
