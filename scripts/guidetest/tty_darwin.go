package main

import (
	"os/exec"
	"strconv"
	"syscall"
)

const getTermios = syscall.TIOCGETA

// commandLine returns what a process was started as, in a form that is good for comparing only.
func commandLine(pid int) (string, error) {
	text, err := exec.Command("ps", "-o", "args=", "-p", strconv.Itoa(pid)).Output()
	return string(text), err
}
