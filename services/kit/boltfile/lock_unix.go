//go:build unix && !solaris && !aix

package boltfile

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// Lock locks file for this process, alone or together with others that only
// read. It is for what a caller keeps beside its File, too. The lock ends when
// file is closed, and with the process, however that ends (flock(2)). Who holds
// it gets lockWait to let go; then it is ErrInUse.
//
// Open does this before bbolt does the same: a file that another process writes
// to must not even be verified.
func Lock(file *os.File, alone bool) error {
	how := syscall.LOCK_SH
	if alone {
		how = syscall.LOCK_EX
	}
	for end := time.Now().Add(lockWait); ; time.Sleep(lockPause) {
		err := syscall.Flock(int(file.Fd()), how|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return os.NewSyscallError("flock "+file.Name(), err)
		}
		if time.Now().After(end) {
			return ErrInUse
		}
	}
}

// lockPause is the time between two tries: flock(2) waits for ever or not at all.
const lockPause = 10 * time.Millisecond

// unlock is for a file that stays mapped: closing it does not end its lock.
func unlock(file *os.File) error {
	return os.NewSyscallError("flock "+file.Name(), syscall.Flock(int(file.Fd()), syscall.LOCK_UN))
}
