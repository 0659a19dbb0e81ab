package check

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"socketlab/kit/dial"
)

// Where the checker is the server it waits for clients, or starts them.

// nobodyCame is the error of a check for which no client has come.
type nobodyCame struct{ why string }

func (n *nobodyCame) Error() string { return n.why }

// Accept waits for the next client, where the checker is the server, and starts
// it where there is a command for that.
func (t *Try) Accept(name string) *Peer {
	t.setWaiting("waiting for your client to connect")
	t.ln.SetDeadline(t.end)
	conn, err := t.accept()
	switch {
	case t.ctx.Err() != nil:
		panic(errStopped)
	case err != nil && dial.IsTimeout(err):
		panic(t.nobodyCame())
	case err != nil:
		t.fault(err)
	}
	t.end = time.Now().Add(t.limits.whole())
	return t.adopt(name, t.other, conn)
}

// accept waits until somebody connects or stops the checker, or until the program
// that should connect has ended: what it has begun before may still arrive.
func (t *Try) accept() (*net.TCPConn, error) {
	var watch sync.WaitGroup
	defer watch.Wait()
	accepted := make(chan struct{})
	defer close(accepted)
	stop := context.AfterFunc(t.ctx, func() { t.ln.SetDeadline(time.Now()) })
	defer stop()
	if t.command != "" {
		t.start()
		watch.Go(func() {
			select {
			case <-t.program.exited:
				t.ln.SetDeadline(time.Now().Add(t.limits.quiet()))
			case <-accepted:
			}
		})
	}
	return t.ln.AcceptTCP()
}

// start runs the client's command.
func (t *Try) start() {
	var err error
	if t.program, err = startProgram(t.ctx, t.command, t.ln.Addr().String()); err != nil {
		t.fault(err)
	}
}

// nobodyCame is the error of a check for which no client has come.
func (t *Try) nobodyCame() error {
	if t.program == nil {
		return &nobodyCame{fmt.Sprintf("no client has connected to %s in %v", t.target, t.wait)}
	}
	return &nobodyCame{fmt.Sprintf("no client has connected to %s. This was run:\n  %s\n%s", t.target, t.program.shown, t.program.fate())}
}

// endAll ends what the check has begun. A failure gets to know what the client's
// program has said, before the end of the connection makes it say more.
func (t *Try) endAll(met error) {
	var failure *Failure
	if t.program != nil && errors.As(met, &failure) {
		t.program.wait(t.limits.quiet())
		failure.Output = t.program.said.lines()
	}
	t.close()
	if t.program != nil {
		t.program.wait(t.limits.quiet())
		t.program.end()
	}
}
