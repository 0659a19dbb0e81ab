//go:build unix

package netserver

import (
	"os"

	"golang.org/x/sys/unix"
)

const canTryRead = true

// tryRead reads what is there, without waiting. It reports whether it is done,
// with bytes, the end (0) or an error; otherwise nothing has come yet.
func (r *chunkReader) tryRead(fd uintptr) (done bool) {
	r.borrow()
	for {
		n, err := unix.Read(int(fd), r.buf[:])
		switch err {
		case unix.EINTR:
			continue
		case unix.EAGAIN:
			r.giveBack()
			return false
		}
		r.n, r.err = n, os.NewSyscallError("read", err)
		return true
	}
}
