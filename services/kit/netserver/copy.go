package netserver

import (
	"errors"
	"io"
	"os"
)

// WriteTo is what io.Copy(dst, conn) calls. Where both ends are TCP
// connections of this package it gives their sockets to io.Copy, which on
// Linux moves the bytes with splice(2), from socket to socket inside the
// kernel. Without this method io.Copy would see a *Conn, know nothing of the
// sockets below, and carry every byte into this process and out again.
//
// It returns at the peer's FIN with a nil error, and otherwise as Read and
// Write do. The bytes are counted when it returns and at each look for an idle
// peer, not as they pass.
func (c *Conn) WriteTo(dst io.Writer) (int64, error) {
	out, ok := dst.(*Conn)
	if !ok {
		return io.Copy(dst, struct{ io.Reader }{c})
	}
	var total int64
	for {
		n, err := io.Copy(out.socket, c.socket)
		c.in.Add(n)
		out.out.Add(n)
		total += n
		if err == nil {
			c.sawEOF.Store(true)
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return total, err
		}
		if err := c.idle.look(c.socket, c.moved()); err != nil {
			return total, err
		}
	}
}
