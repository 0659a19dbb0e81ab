package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"socketlab/kit/dial"
)

// chunkSize is the most that is read at once, from either side.
const chunkSize = 16 << 10

// session is one talk. Two goroutines carry the bytes, one each way, so that
// neither side has to wait for the other to speak; a third decides about the
// end.
type session struct {
	conn   connection
	person console
	input  input
	view   view
	plain  *plainScreen // for what comes when there is no editor, or no more
	editor *editor      // nil: none
	quit   *quitWatch

	wait time.Duration // how long the server may be silent after left
	left atomic.Bool   // our FIN is sent
}

// edit makes the editor both the input and the screen.
func (s *session) edit(e *editor) {
	s.editor, s.input = e, e
	s.view.moveTo(func() screen { return e })
}

// converse returns when the talk is over; nil when it ended in good order.
func (s *session) converse(crash context.CancelCauseFunc) error {
	received, sent := make(chan error, 1), make(chan error, 1)
	start(crash, func() { received <- s.receive() })
	start(crash, func() { sent <- s.send() })
	var unsent error
	for {
		select {
		case err := <-sent:
			if !s.left.Load() { // after our FIN nothing can be sent, which is no error
				unsent = err
			}
			s.leave(s.goodbye(err))
		case <-s.quit.said:
			s.leave("The server said " + s.quit.word + ": closing our side (FIN).")
		case err := <-received:
			return s.finish(cmp.Or(err, unsent))
		}
	}
}

// receive shows what the server sends, until its FIN.
func (s *session) receive() error {
	buf := make([]byte, chunkSize)
	for {
		if s.left.Load() {
			s.limitSilence()
		}
		n, err := s.conn.Read(buf)
		if n > 0 {
			s.view.received(buf[:n])
			s.quit.hear(buf[:n])
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return s.whyBroken(err)
		}
	}
}

// send sends the input, until its end. A chunk is shown before it goes, else
// the answer could be on the screen first.
func (s *session) send() error {
	for {
		chunk, err := s.input.next()
		if len(chunk) > 0 && !s.left.Load() {
			s.view.sent(chunk)
			if _, err := s.conn.Write(chunk); err != nil {
				return s.whyBroken(err)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("cannot read the input: %w", err)
		}
	}
}

// leave says goodbye to the server, once: a FIN, behind all that was sent. The
// terminal is given back already, as only the server speaks now, and Ctrl-C
// shall be a signal again.
func (s *session) leave(why string) {
	if s.left.Swap(true) {
		return
	}
	s.giveBackTerminal()
	s.view.moveTo(func() screen {
		s.plain.endRow()
		if why != "" {
			s.person.note("%s", why)
		}
		return s.plain
	})
	s.conn.CloseWrite() // where this fails the connection has broken, which receive reports
	s.limitSilence()
}

// goodbye is what the person who pressed Ctrl-D should know; err is what send
// ended with. A pipe needs no telling.
func (s *session) goodbye(err error) string {
	if err != nil || !isTerminal(s.person.in) {
		return ""
	}
	return "You closed your side (FIN). The server may still speak. Ctrl-C leaves."
}

// finish ends the talk after the last that the server said. err is what went
// wrong, if anything did.
func (s *session) finish(err error) error {
	inMidLine := s.view.ended()
	s.giveBackTerminal()
	s.plain.endRow()
	if err != nil {
		return err
	}
	text := "The server closed the connection."
	if s.left.Load() {
		text = "The server closed its side, too. Goodbye."
	}
	if inMidLine {
		text += " Its last line has no end."
	}
	s.person.note("%s", text)
	return nil
}

// giveBackTerminal leaves a terminal that is as it was before the talk. What
// was unfinished in front of the prompt goes on there.
func (s *session) giveBackTerminal() {
	if s.editor == nil {
		return
	}
	s.view.moveTo(func() screen {
		s.plain.written = s.editor.retreat()
		s.editor.close()
		return s.plain
	})
	s.editor = nil
}

// limitSilence gives the server, from now on, so long to say something.
func (s *session) limitSilence() {
	if s.wait > 0 {
		s.conn.SetReadDeadline(time.Now().Add(s.wait))
	}
}

func (s *session) whyBroken(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("the server was silent for %v after your goodbye, and did not close its side; -wait 0 waits for ever (%w)", s.wait, err)
	}
	return dial.Broken(err)
}
