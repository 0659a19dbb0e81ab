package netserver

import (
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// stallWatch leaves the watching to the kernel: TCP_USER_TIMEOUT (tcp(7),
// RFC 5482) ends a connection whose peer has not acknowledged sent data, or has
// kept its window shut, for so long. The Write, and the Read, then fail with
// ETIMEDOUT. Unlike a write deadline it costs nothing at a Write, and it holds
// for splice as well, where no Write is ours.
type stallWatch struct{}

func (stallWatch) start(raw syscall.RawConn, timeout time.Duration) {
	if raw == nil {
		return
	}
	// An error means a closed socket, or one that is not TCP and has no
	// window to shut.
	raw.Control(func(fd uintptr) {
		unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(timeout.Milliseconds()))
	})
}

func (stallWatch) beforeWrite(net.Conn) {}
