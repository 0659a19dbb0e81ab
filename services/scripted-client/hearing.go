package main

import (
	"bufio"
	"bytes"
	"errors"

	"socketlab/kit/textline"
)

// quit is what a server says when it wants the client to leave.
const quit = "QUIT"

// maxLine is how long a line of the server may be, in bytes.
const maxLine = 64 << 10

var errTooLong = errors.New("a line of the server is too long")

// hearing finds lines in what a server says, and QUIT, which on the raw wire of
// the upper server is no line: it has no end.
//
//	Hello from the server!\nHELLO FROM THE CLIENT!\nQUIT\n    UPPER_WIRE=lines
//	Hello from the server!\nHELLO FROM THE CLIENT!\nQUIT      UPPER_WIRE=raw
//	Hello from the server!\nHELLO FROM THE CLIENT!QUIT        a client that says no line end
//
// The network cuts and joins these bytes as it likes. The client of the
// original guide asks whether a chunk is QUIT, and waits for ever when that
// chunk has the end of the capitals in front. Here it is decided byte by byte,
// from the bytes before alone: however they are cut, the decision is the same.
//
// On the raw wire every decision may be wrong. A line that begins with QUIT
// may be the word, or the first half of QUITE A LOT, the rest being on its way.
// Bytes that would tell do not exist: behind the word the server says nothing
// more, it waits for the client. So a client that waits for more to be sure
// hangs, the server and it waiting for each other; one that waits for a while
// makes it a matter of luck, as a network may be slow for any while; and one
// that does not wait leaves too early when somebody says "quite a lot". This
// one does not wait: to leave early is better than never. Who needs both needs
// an end behind QUIT, which is what UPPER_WIRE=lines has.
type hearing struct {
	in *bufio.Reader
	// line is what has come of a line that has not ended.
	line []byte
	// quitFollows: the line just told had QUIT sticking to it.
	quitFollows bool
	// afterQuit: QUIT was told without its end; should that come, it is no
	// empty line.
	afterQuit bool
}

// next returns the next line, without its LF or CR LF, as valid UTF-8.
//
// isQuit is asked where QUIT stands, with what is before it on its line. Where
// it says yes, next does not wait for the end of that line: it returns what is
// before, if anything, and QUIT in a call of its own.
//
// The errors are errTooLong and those of the connection; io.EOF also where a
// line was unfinished.
func (h *hearing) next(isQuit func(before []byte) bool) (string, error) {
	if h.quitFollows {
		h.quitFollows = false
		return quit, nil
	}
	for {
		b, err := h.in.ReadByte()
		if err != nil {
			return "", err
		}
		h.line = append(h.line, b)
		switch before, found := bytes.CutSuffix(h.line, []byte(quit)); {
		case b == '\n':
			text := bytes.TrimSuffix(h.line[:len(h.line)-1], []byte("\r"))
			if len(text) > 0 || !h.afterQuit {
				return h.tell(text), nil
			}
			h.tell(nil)
		case found && isQuit(before):
			h.quitFollows = len(before) > 0
			line := h.tell(before)
			h.afterQuit = true
			if h.quitFollows {
				return line, nil
			}
			return quit, nil
		case len(h.line) > maxLine:
			return "", errTooLong
		}
	}
}

// tell hands text out and lets a new line begin at the next byte.
func (h *hearing) tell(text []byte) string {
	line := string(textline.ValidUTF8(text))
	h.line = h.line[:0]
	h.afterQuit = false
	return line
}
