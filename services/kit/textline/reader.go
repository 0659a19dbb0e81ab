package textline

import (
	"errors"
	"io"
)

var (
	// ErrTooLong reports a line longer than the limit. It is reported once
	// for each such line, as soon as the limit is passed. What is left of the
	// line is skipped by the next ReadLine, so the caller can answer and go on.
	ErrTooLong = errors.New("textline: line too long")

	// ErrLeave reports that the person at the other end wants to leave: Ctrl-C
	// in a telnet program (IP of RFC 854), or the byte 04, Ctrl-D, on an empty
	// line. The caller says goodbye and closes the connection.
	ErrLeave = errors.New("textline: the client wants to leave")
)

const (
	nul = 0x00
	eot = 0x04 // "end of transmission", what Ctrl-D types
	lf  = '\n'
	cr  = '\r'
)

// A Reader finds the lines in a stream of bytes.
//
// One goroutine at a time may use it. It holds some 500 bytes while nothing
// is going on, the limit and 500 bytes at most while a long line arrives, and
// gives that back when it waits for the next.
type Reader struct {
	in      io.Reader
	replies io.Writer
	limit   int

	// buf holds the text of the line so far, buf[start:text], and behind it
	// the bytes that have been read but not looked at, buf[next:end]. Text is
	// moved down over the bytes that were taken out, so text <= next.
	buf                    []byte
	start, text, next, end int
	err                    error // from in, to be reported once buf is used up

	heldCR   bool // the last byte was a CR: a line end, or text?
	skipping bool // the line was too long, its rest is thrown away
	telnet   telnet
}

// NewReader returns a Reader for the lines of in.
//
// A line may have limit bytes, 0 or more, counted as they arrived, without its
// end, telnet commands and NUL bytes.
//
// Refusals of telnet options are written to replies, three bytes in one Write,
// from within ReadLine; nil means that nothing is answered. It is usually the
// connection itself: a net.Conn may be written to by several goroutines, and
// so must any other writer that others use too.
//
// The Reader never closes anything and sets no deadlines. A client that sends
// nothing, or nothing but telnet commands, or that does not read the replies,
// is ended by the deadlines of the connection.
func NewReader(in io.Reader, replies io.Writer, limit int) *Reader {
	return &Reader{in: in, replies: replies, limit: limit}
}

// ReadLine returns the next line, without its end, as valid UTF-8.
//
// A line ends in LF, CR LF or CR NUL (RFC 854, "The NVT printer and
// keyboard"), or with the stream; a CR before anything else is text. NUL bytes
// and telnet commands are taken out. Bytes that are not UTF-8 become U+FFFD as
// described at [ValidUTF8], so the line may be up to three times as long as
// the limit. Control characters stay: see [Printable].
//
// The line belongs to the Reader and is valid until the next call.
//
// The error is ErrTooLong or ErrLeave, after both of which the next call goes
// on with the stream; io.EOF when there are no more lines; io.ErrNoProgress
// when many reads in a row brought nothing; or the error of the stream or of
// the replies as it came. After such an error, too, reading can go on: a line
// of which a part had come before a deadline passed is not lost.
func (r *Reader) ReadLine() ([]byte, error) {
	for {
		for r.next < r.end {
			ended, err := r.step()
			if err != nil {
				return nil, err
			}
			if ended {
				return r.take(), nil
			}
		}
		if err := r.fill(); err == io.EOF {
			return r.lastLine()
		} else if err != nil {
			return nil, err
		}
	}
}

// step takes the next byte, first as telnet sees it, then as text. Telnet
// commands may stand anywhere, even between CR and LF: they are not part of
// the text, only carried on the same wire.
func (r *Reader) step() (ended bool, err error) {
	b := r.buf[r.next]
	r.next++
	switch r.telnet.classify(b) {
	case plainText:
		return r.accept(b)
	case strayIAC:
		r.next-- // b is still to be looked at, behind the 0xFF that is text after all
		return false, r.keep(iac)
	case request:
		return false, r.answer()
	case interrupt:
		r.forget()
		if err := r.answer(); err != nil {
			return false, err
		}
		return false, ErrLeave
	}
	return false, nil
}

// accept is the framing: it decides whether a byte of text ends the line.
func (r *Reader) accept(b byte) (ended bool, err error) {
	switch {
	case b == lf, b == nul && r.heldCR:
		if r.skipping {
			r.forget()
			return false, nil
		}
		return true, nil
	case b == nul:
		return false, nil
	case b == cr:
		err := r.releaseCR()
		r.heldCR = true
		return false, err
	case b == eot && r.lineIsEmpty():
		r.forget()
		return false, ErrLeave
	}
	if err := r.keep(b); err != nil {
		return false, err
	}
	return false, r.keepOrdinary()
}

// keep adds b, and a CR in front of it that turned out to be text, to the line.
func (r *Reader) keep(b byte) error {
	if err := r.releaseCR(); err != nil {
		return err
	}
	return r.store(b)
}

func (r *Reader) releaseCR() error {
	if !r.heldCR {
		return nil
	}
	r.heldCR = false
	return r.store(cr)
}

func (r *Reader) store(b byte) error {
	if r.skipping {
		return nil
	}
	r.buf[r.text] = b
	r.text++
	return r.checkLength()
}

// keepOrdinary adds the bytes that follow and mean nothing special, all at
// once: this is where the time goes in a busy server.
func (r *Reader) keepOrdinary() error {
	i := r.next
	for i < r.end && isOrdinary(r.buf[i]) {
		i++
	}
	run := r.buf[r.next:i]
	r.next = i
	if r.skipping {
		return nil
	}
	r.text += copy(r.buf[r.text:], run)
	return r.checkLength()
}

func isOrdinary(b byte) bool {
	return b != lf && b != cr && b != nul && b != iac
}

func (r *Reader) checkLength() error {
	if r.text-r.start <= r.limit {
		return nil
	}
	r.text = r.start
	r.skipping = true
	return ErrTooLong
}

func (r *Reader) lineIsEmpty() bool {
	return r.text == r.start && !r.heldCR && !r.skipping
}

// lastLine returns what the stream ended with. A CR or an IAC still waiting
// for the byte that would give it a meaning is text: nothing is lost.
func (r *Reader) lastLine() ([]byte, error) {
	if r.telnet.endInCommand() {
		if err := r.keep(iac); err != nil {
			return nil, err
		}
	}
	if err := r.releaseCR(); err != nil {
		return nil, err
	}
	if r.text == r.start {
		return nil, io.EOF
	}
	return r.take(), nil
}

func (r *Reader) answer() error {
	if r.replies == nil {
		return nil
	}
	_, err := r.replies.Write(r.telnet.reply[:])
	return err
}
