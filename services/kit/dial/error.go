package dial

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"syscall"
)

// An Error says in words why there is no connection. It wraps the error that
// the system gave, and prints it in brackets behind the words.
type Error struct {
	words string
	err   error
}

func (e *Error) Error() string { return fmt.Sprintf("%s (%v)", e.words, e.err) }

// Unwrap returns what the system said.
func (e *Error) Unwrap() error { return e.err }

// wordsFor says what err means, which a call of addr ended with.
func wordsFor(addr string, err error) string {
	// An addr without a port is one of the errors without words of their own.
	host, port, _ := net.SplitHostPort(addr)
	host = cmp.Or(host, "this machine")
	var name *net.DNSError
	switch {
	case errors.As(err, &name) && name.IsTimeout:
		return fmt.Sprintf("nobody said in time where %s is: does the network work?", host)
	case errors.As(err, &name):
		return fmt.Sprintf("there is no machine called %s: is the name right, and is its service up?", host)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("nobody listens on port %s of %s: is the server up?", port, host)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return fmt.Sprintf("no way leads from here to %s: is it up, and on the same network?", host)
	case errors.Is(err, syscall.ECONNRESET):
		return fmt.Sprintf("%s hung up before the connection was there", host)
	case IsTimeout(err):
		return fmt.Sprintf("%s did not answer on port %s: is it the right machine, and does a firewall swallow the call?",
			host, port)
	}
	return fmt.Sprintf("there is no connection to %s", addr)
}

// IsTimeout reports whether err means that somebody has waited in vain: for a
// connection, or on one.
func IsTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
