package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
)

const (
	hangupGrace = 2 * time.Second // from SIGHUP to SIGKILL
	rawLimit    = 2 << 10         // bytes kept as they came, for the report
)

// terminal is a pseudo-terminal with a shell in it. One goroutine reads it all the time, so that no program ever
// waits for the lab to look; the methods are for one other goroutine.
type terminal struct {
	name    string
	shell   *exec.Cmd
	master  *os.File
	changed chan struct{} // has a token when something came since the last look
	gone    chan struct{} // closed when nothing can come any more

	mu     sync.Mutex // guards screen, raw and ended
	screen *screen
	raw    []byte // the last rawLimit bytes
	ended  bool   // the reader has stopped
}

// openTerminal starts a shell in dir. Everything that comes is copied to tee too. The caller closes the terminal.
func openTerminal(name, dir, promptFile string, env []string, tee io.Writer) (*terminal, error) {
	shell := exec.Command("bash", "--noprofile", "--rcfile", promptFile, "-i")
	shell.Dir = dir
	shell.Env = env
	size := &pty.Winsize{Rows: screenHeight, Cols: screenWidth}
	blocking, err := pty.StartWithSize(shell, size)
	if err != nil {
		return nil, fmt.Errorf("terminal %s: %w", name, err)
	}
	master, err := unblock(blocking)
	if err != nil {
		_ = shell.Process.Kill()
		return nil, errors.Join(err, shell.Wait())
	}
	t := &terminal{
		name:    name,
		shell:   shell,
		master:  master,
		changed: make(chan struct{}, 1),
		gone:    make(chan struct{}),
		screen:  newScreen(),
	}
	go t.read(tee)
	return t, nil
}

// unblock turns the file, which it closes, into one whose reads end when it is closed and whose writes can have a
// deadline. A program left behind with the terminal open would else keep the reader for ever.
func unblock(file *os.File) (*os.File, error) {
	defer file.Close()
	fd, err := syscall.Dup(int(file.Fd()))
	if err != nil {
		return nil, err
	}
	syscall.CloseOnExec(fd)
	if err := syscall.SetNonblock(fd, true); err != nil {
		return nil, errors.Join(err, syscall.Close(fd))
	}
	return os.NewFile(uintptr(fd), file.Name()), nil
}

func (t *terminal) read(tee io.Writer) {
	defer close(t.gone)
	buffer := make([]byte, 16<<10)
	for {
		n, err := t.master.Read(buffer)
		_, _ = tee.Write(buffer[:n])
		t.mu.Lock()
		_, _ = t.screen.Write(buffer[:n])
		t.raw = append(t.raw, buffer[:n]...)
		t.raw = t.raw[max(0, len(t.raw)-rawLimit):]
		t.ended = err != nil
		t.mu.Unlock()
		select {
		case t.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// look gives the screen to f for as long as f runs; ended says that nothing will come any more.
func (t *terminal) look(f func(s *screen, raw []byte, ended bool)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f(t.screen, t.raw, t.ended)
}

// send types bytes. It fails where the terminal does not take them within the limit, because no program reads them.
func (t *terminal) send(keys string, limit time.Duration) error {
	if err := t.master.SetWriteDeadline(time.Now().Add(limit)); err != nil {
		return err
	}
	_, err := io.WriteString(t.master, keys)
	return err
}

// hasProgram says whether another program than the shell gets the keys. The copy of itself that the shell makes for
// each program does not count: until it has become that program, a signal to it is lost.
func (t *terminal) hasProgram() bool {
	shell := t.shell.Process.Pid
	group, err := foregroundGroup(t.master)
	if err != nil || group == shell {
		return false
	}
	program, err := commandLine(group)
	if err != nil {
		return true // its first process is gone, but others of the group are there
	}
	copied, err := commandLine(shell)
	return err != nil || program != copied
}

// close hangs up, as closing the window of a terminal does, and kills what is still there after hangupGrace. It
// signals the shell's process group and the one in the foreground, nothing else; the shell hangs up its own
// background jobs. It returns when the shell is gone and reading has stopped.
func (t *terminal) close() error {
	groups := []int{t.shell.Process.Pid}
	if foreground, err := foregroundGroup(t.master); err == nil && foreground > 1 && foreground != groups[0] {
		groups = append(groups, foreground)
	}
	signalAll(groups, syscall.SIGHUP)
	signalAll(groups, syscall.SIGCONT)
	exited := make(chan struct{})
	go func() {
		_ = t.shell.Wait()
		close(exited)
	}()
	select {
	case <-exited:
		signalAll(groups[1:], syscall.SIGKILL)
	case <-time.After(hangupGrace):
		signalAll(groups, syscall.SIGKILL)
		<-exited
	}
	err := t.master.Close()
	<-t.gone
	return err
}

func signalAll(groups []int, what syscall.Signal) {
	for _, group := range groups {
		_ = syscall.Kill(-group, what)
	}
}
