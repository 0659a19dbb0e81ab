package store

import (
	"os"
	"syscall"
)

// syncData is fsync without what is only about the file, such as the time of its
// last change (fdatasync(2)).
func syncData(f *os.File) error {
	for {
		err := syscall.Fdatasync(int(f.Fd()))
		if err != syscall.EINTR {
			return os.NewSyscallError("fdatasync "+f.Name(), err)
		}
	}
}
