package netserver

import (
	"errors"
	"os"
)

// WaitReadable returns when a Read would not have to wait: data has come, or
// the end, or an error. It is for handlers that borrow a large buffer for the
// Read and would rather not hold it while nothing comes: ten thousand silent
// clients then cost no buffer at all. Where readiness cannot be asked for
// (TLS, other systems) it returns at once, and the Read waits instead.
//
// Its errors are ErrIdle, ErrShutdown and those of a closed connection.
func (c *Conn) WaitReadable() error {
	if c.raw == nil {
		return nil
	}
	for {
		err := c.raw.Read(isReadable)
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return err
		}
		if err := c.idle.look(c.socket, c.moved()); err != nil {
			return err
		}
	}
}
