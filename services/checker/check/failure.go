package check

import (
	"errors"
	"io"
	"net"
	"syscall"
	"unicode/utf8"

	"socketlab/kit/textline"
)

// A Failure is what did not hold: the other side has broken a clause.
type Failure struct {
	// What says it in one sentence.
	What string
	// Sent is what the peer in question had said last, quoted; empty where
	// it had said nothing.
	Sent string
	// Expected and Got are ready to be shown, one below the other. Got is
	// empty where nothing came.
	Expected, Got string
	// Column is where in both the first difference stands; -1: nowhere.
	Column int
	// Steps are what was said and heard before, the newest last.
	Steps []string
	// Output is what the client has written last, where the checker has
	// started it.
	Output []string

	of *Peer // whose failure it is; nil: nobody's in particular
}

func (f *Failure) Error() string { return f.What }

// A Fault is an error of the checker, or of the machine it runs on: it says
// nothing about the other side.
type Fault struct{ Err error }

func (f *Fault) Error() string { return f.Err.Error() }
func (f *Fault) Unwrap() error { return f.Err }

// errStopped is the error of a check that somebody has stopped: Ctrl-C.
var errStopped = errors.New("stopped")

// show quotes bytes, so that line ends can be seen.
func show(data []byte) string {
	quoted, _ := excerptFor(string(data))(string(data), 0)
	return quoted
}

// excerptFor returns how to quote texts that stand below each other: as bytes,
// where one of them is no text.
func excerptFor(texts ...string) func(text string, at int) (quoted string, column int) {
	for _, text := range texts {
		if !utf8.ValidString(text) {
			return textline.ExcerptBytes
		}
	}
	return textline.Excerpt
}

// isOurs reports whether err comes from this machine and not from the peer:
// too few descriptors, ports or buffers.
func isOurs(err error) bool {
	for _, ours := range []error{
		syscall.EMFILE, syscall.ENFILE, syscall.EADDRNOTAVAIL, syscall.ENOBUFS, syscall.ENOMEM, syscall.EACCES,
		syscall.EPERM,
	} {
		if errors.Is(err, ours) {
			return true
		}
	}
	return false
}

// inWords says how the connection of the peer called name ended, as what the
// other side did to it.
func inWords(name string, err error) string {
	switch {
	case errors.Is(err, io.EOF):
		return "closed the connection of " + name
	case isBrokenOff(err):
		return "broke off the connection of " + name + " (RST)"
	}
	var system syscall.Errno
	if errors.As(err, &system) {
		return "lost the connection of " + name + ": " + system.Error()
	}
	return "lost the connection of " + name + ": " + err.Error()
}

// isBrokenOff reports whether the other side has sent a RST.
func isBrokenOff(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNABORTED)
}

func isClosedByUs(err error) bool { return errors.Is(err, net.ErrClosed) }
