//go:build unix

package check

import "syscall"

// narrow makes a connection one that holds little on its way: a small buffer
// here, and small segments, by which the other side's kernel goes when it
// chooses the size of its own. It is called before connecting. That it may fail
// does not matter much: the check is then a weaker one.
func narrow(_, _ string, raw syscall.RawConn) error {
	return raw.Control(func(fd uintptr) {
		syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10)
		syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, 536)
	})
}
