//go:build unix

package check

import (
	"os/exec"
	"syscall"
)

// inOwnGroup makes cmd the leader of a process group: see setpgid(2). So a
// Ctrl-C in the terminal reaches the checker alone, which ends the group.
func inOwnGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends all processes of cmd's group. It is no error if there are none.
func killGroup(cmd *exec.Cmd) error {
	if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != syscall.ESRCH {
		return err
	}
	return nil
}
