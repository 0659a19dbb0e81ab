package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"time"
)

// connection is the part of *net.TCPConn that a talk needs.
type connection interface {
	net.Conn
	// CloseWrite sends FIN: "I have said all I have to say".
	CloseWrite() error
}

// talk lets the person and the server talk until one of them leaves, or ctx
// ends: then it returns the cause. It gives the terminal back however it ends.
func talk(ctx context.Context, cfg config, conn connection, person console) error {
	ctx, leave := context.WithCancelCause(ctx)
	defer leave(nil)
	s := newSession(cfg, conn, person)
	if person.canEdit() {
		editor, err := openEditor(person.in, person.out, cfg.eol(), person.coloursOf(person.out))
		if err != nil {
			return err
		}
		defer editor.close()
		s.edit(editor)
		start(leave, func() { editor.keys.watch(leave) })
		start(leave, func() { onResize(ctx, editor.fit) })
	}
	result := make(chan error, 1)
	start(leave, func() {
		if isTerminal(person.in) {
			greet(cfg, conn, person) // not before the editor is there, who shows what is typed
		}
		result <- s.converse(leave)
	})
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
		return rethrow(context.Cause(ctx))
	}
}

func greet(cfg config, conn net.Conn, person console) {
	ip, _, _ := net.SplitHostPort(conn.RemoteAddr().String()) // a TCP address has both
	person.note("Connected to %s (%s), port %s.", cfg.host, ip, cfg.port)
	person.note("Enter sends your line, Ctrl-D says goodbye, Ctrl-C leaves at once.")
}

// newSession prepares a talk without an editor.
func newSession(cfg config, conn connection, person console) *session {
	p := person.coloursOf(person.out)
	plain := &plainScreen{out: person.out, colours: p}
	s := &session{
		conn: conn, wait: cfg.wait, quit: newQuitWatch(cfg.quit), person: person,
		input: newStream(person.in, cfg.crlf),
		plain: plain,
		view:  &textView{screen: plain},
	}
	if cfg.hex {
		s.view = &hexView{screen: plain, colours: p, start: time.Now()}
	}
	return s
}

// panicked is the cause of a context that a panic has ended.
type panicked struct {
	cause any
	stack []byte
}

func (p *panicked) Error() string { return fmt.Sprintf("%v\n\n%s", p.cause, p.stack) }

// start runs f in a goroutine. A panic in it ends the talk, not the process:
// that would leave the terminal as it is now.
func start(leave context.CancelCauseFunc, f func()) {
	go func() {
		defer func() {
			if cause := recover(); cause != nil {
				leave(&panicked{cause, debug.Stack()})
			}
		}()
		f()
	}()
}

// rethrow panics, where cause is a panic, in a goroutine that cleans up.
func rethrow(cause error) error {
	var p *panicked
	if errors.As(cause, &p) {
		panic(p)
	}
	return cause
}
