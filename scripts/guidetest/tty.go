package main

import (
	"os"
	"syscall"
	"unsafe"
)

// echoes says whether the terminal itself repeats what is typed. Line editors and programs that hand every key on
// (docker exec, telnet) turn that off; then the echo, if any, comes from elsewhere.
func echoes(master *os.File) (bool, error) {
	var state syscall.Termios
	err := ioctl(master, getTermios, unsafe.Pointer(&state))
	return state.Lflag&syscall.ECHO != 0, err
}

// foregroundGroup returns the process group which gets the keys.
func foregroundGroup(master *os.File) (int, error) {
	var group int32
	err := ioctl(master, syscall.TIOCGPGRP, unsafe.Pointer(&group))
	return int(group), err
}

func ioctl(file *os.File, request uintptr, argument unsafe.Pointer) error {
	raw, err := file.SyscallConn()
	if err != nil {
		return err
	}
	var errno syscall.Errno
	err = raw.Control(func(fd uintptr) {
		_, _, errno = syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(argument))
	})
	if err == nil && errno != 0 {
		err = errno
	}
	return err
}
