//go:build !linux

package netserver

import (
	"net"
	"syscall"
	"time"
)

// stallWatch sets a deadline before each Write: systems other than Linux have
// no TCP_USER_TIMEOUT. io.Copy between two connections has no such limit here.
type stallWatch struct{ timeout time.Duration }

func (w *stallWatch) start(_ syscall.RawConn, timeout time.Duration) { w.timeout = timeout }

func (w *stallWatch) beforeWrite(socket net.Conn) {
	socket.SetWriteDeadline(time.Now().Add(w.timeout))
}
