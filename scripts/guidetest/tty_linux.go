package main

import (
	"fmt"
	"os"
	"syscall"
)

const getTermios = syscall.TCGETS

// commandLine returns what a process was started as, in a form that is good for comparing only.
func commandLine(pid int) (string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return string(text), err
}
