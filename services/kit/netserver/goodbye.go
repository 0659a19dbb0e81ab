package netserver

import (
	"errors"
	"io"
	"net"
	"syscall"
	"time"
)

// How long, and for how many bytes, a closing server listens to a client that
// still talks.
const (
	lingerTime  = 2 * time.Second
	lingerBytes = 1 << 20
)

// goodbye closes the connection after its handler has returned err.
//
// A plain close would do where the client has closed first. Otherwise bytes
// of the client may still lie unread in the receive buffer or be on their way,
// and to close a socket with unread data sends a RST instead of a FIN (RFC
// 1122, 4.2.2.13); the RST makes the client's kernel throw away what the
// client has not read yet, which may be our last words. So: say FIN, read on
// for a moment, then close.
func (c *Conn) goodbye(err error) {
	if c.sawEOF.Load() || isBroken(err) {
		c.socket.Close()
		return
	}
	// The idle watch must not move this deadline; only a forced close
	// may end it early.
	c.idle.stop(c.socket, time.Now().Add(lingerTime))
	linger(c.socket)
}

// linger sends FIN, reads until the peer's FIN, its deadline or lingerBytes,
// and closes socket. The caller has set the deadline.
func linger(socket net.Conn) {
	defer socket.Close()
	if err := closeWrite(socket); err != nil {
		return
	}
	// What is read here is nobody's: the talk is over, only the way it
	// ends matters, and so no error does.
	io.CopyN(io.Discard, socket, lingerBytes)
}

// closeWrite sends FIN: "I have said all I have to say", half of a close.
func closeWrite(socket net.Conn) error {
	half, ok := socket.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}

// isBroken reports whether there is nobody left to say goodbye to.
func isBroken(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.Is(err, syscall.ETIMEDOUT) || errors.Is(err, net.ErrClosed)
}
