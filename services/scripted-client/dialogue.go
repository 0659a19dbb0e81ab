package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"socketlab/kit/dial"
	"socketlab/kit/textline"
)

// A dialogue is a connection to which lines are said and from which lines are
// heard. One goroutine may use it.
type dialogue struct {
	conn    *net.TCPConn
	server  hearing
	timeout time.Duration
}

func newDialogue(conn *net.TCPConn, timeout time.Duration) *dialogue {
	return &dialogue{conn: conn, server: hearing{in: bufio.NewReader(conn)}, timeout: timeout}
}

// startClock gives all that is said and heard from now on the dialogue's
// timeout, together: a server that sends a byte now and then does not get more
// time for that.
func (d *dialogue) startClock() {
	// An error means a closed connection, which the next call reports.
	d.conn.SetDeadline(time.Now().Add(d.timeout))
}

// say sends line and LF.
func (d *dialogue) say(line string) error {
	_, err := io.WriteString(d.conn, line+"\n")
	return err
}

// hear returns the next line of the server, see hearing.next.
func (d *dialogue) hear(isQuit func(before []byte) bool) (string, error) {
	return d.server.next(isQuit)
}

// leave sends FIN: nothing more is said, but all that is still to come can be
// heard. Where that fails the server has gone already, and to hear tells so.
func (d *dialogue) leave() { d.conn.CloseWrite() }

// isGone reports whether err means that the server ended the connection.
func isGone(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// inWords says what an error of say or hear means, and what the server had
// begun to say.
func (d *dialogue) inWords(err error) string {
	begun := ""
	if text := string(d.server.line); text != "" {
		shown, _ := textline.Excerpt(text, 0)
		begun = fmt.Sprintf("; it had begun a line with %s", shown)
	}
	switch {
	case errors.Is(err, errTooLong):
		return fmt.Sprintf("the server sent more than %d bytes without a line end%s", maxLine, begun)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Sprintf("waited %v in vain%s", d.timeout, begun)
	case errors.Is(err, io.EOF):
		return "the server closed the connection" + begun
	}
	return dial.Broken(err).Error() + begun
}
