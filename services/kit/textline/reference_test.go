package textline

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// reference says what a Reader must make of a stream, given the whole of it at
// once: one pass for telnet, one for lines, one for UTF-8. It is slow and plain
// on purpose, and shares no code with the Reader.
func reference(stream []byte, limit int) []string {
	var events []string
	var line []byte
	skipping := false
	emit := func(e string) { events = append(events, e) }
	keep := func(b byte) {
		line = append(line, b)
		if len(line) > limit && !skipping {
			skipping = true
			emit("too long")
		}
	}
	endLine := func() {
		if !skipping {
			emit(fmt.Sprintf("line %q", whatwgDecode(line)))
		}
		line, skipping = nil, false
	}

	tokens := referenceTelnet(stream)
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case t.reply != "":
			emit(t.reply)
			if t.leave {
				emit("leave")
				line, skipping = nil, false
			}
			continue
		case t.b == '\r':
			// The replies between a CR and what follows it come first.
			j := i + 1
			for j < len(tokens) && tokens[j].reply != "" && !tokens[j].leave {
				emit(tokens[j].reply)
				j++
			}
			i = j - 1
			if j < len(tokens) && tokens[j].leave {
				continue // the interrupt throws the CR away
			}
			if j < len(tokens) && (tokens[j].b == '\n' || tokens[j].b == 0) {
				i = j
				endLine()
				continue
			}
			keep('\r')
		case t.b == '\n':
			endLine()
		case t.b == 0:
		case t.b == 4 && len(line) == 0 && !skipping:
			emit("leave")
		default:
			keep(t.b)
		}
	}
	if len(line) > 0 && !skipping {
		endLine()
	}
	return append(events, "eof")
}

// A referenceToken is a byte of text, or a reply to a command.
type referenceToken struct {
	b     byte
	reply string
	leave bool
}

func referenceTelnet(stream []byte) []referenceToken {
	var tokens []referenceToken
	for len(stream) > 0 {
		n := 2
		switch {
		case stream[0] != 0xFF, len(stream) == 1, stream[1] < 236:
			tokens = append(tokens, referenceToken{b: stream[0]})
			n = 1
		case stream[1] == 0xFF:
			tokens = append(tokens, referenceToken{b: 0xFF})
		case stream[1] == 0xF4:
			tokens = append(tokens, referenceToken{reply: "reply FF FC 06", leave: true})
			if bytes.HasPrefix(stream[2:], []byte{0xFF, 0xFD, 6}) {
				n = 5
			}
		case stream[1] == 0xFA:
			n = 2 + referenceSubnegotiation(stream[2:])
		case stream[1] >= 0xFB:
			n = 3
			if len(stream) < 3 {
				return tokens
			}
			if stream[1] == 0xFD {
				tokens = append(tokens, referenceToken{reply: fmt.Sprintf("reply FF FC %02X", stream[2])})
			}
			if stream[1] == 0xFB {
				tokens = append(tokens, referenceToken{reply: fmt.Sprintf("reply FF FE %02X", stream[2])})
			}
		}
		stream = stream[n:]
	}
	return tokens
}

func referenceSubnegotiation(body []byte) int {
	body = body[:min(len(body), 512)]
	for i := 0; i+1 < len(body); i++ {
		if body[i] != 0xFF {
			continue
		}
		if body[i+1] == 0xF0 {
			return i + 2
		}
		i++
	}
	return len(body)
}

// whatwgDecode is the UTF-8 decoder of the WHATWG Encoding Standard, its steps
// written down one by one.
func whatwgDecode(p []byte) string {
	var out strings.Builder
	var point rune
	needed := 0
	lower, upper := byte(0x80), byte(0xBF)
	for i := 0; i < len(p); i++ {
		b := p[i]
		if needed == 0 {
			switch {
			case b <= 0x7F:
				out.WriteByte(b)
			case 0xC2 <= b && b <= 0xDF:
				needed, point = 1, rune(b&0x1F)
			case 0xE0 <= b && b <= 0xEF:
				if b == 0xE0 {
					lower = 0xA0
				}
				if b == 0xED {
					upper = 0x9F
				}
				needed, point = 2, rune(b&0xF)
			case 0xF0 <= b && b <= 0xF4:
				if b == 0xF0 {
					lower = 0x90
				}
				if b == 0xF4 {
					upper = 0x8F
				}
				needed, point = 3, rune(b&0x7)
			default:
				out.WriteRune(0xFFFD)
			}
			continue
		}
		inRange := lower <= b && b <= upper
		lower, upper = 0x80, 0xBF
		if !inRange {
			needed = 0
			out.WriteRune(0xFFFD)
			i--
			continue
		}
		point = point<<6 | rune(b&0x3F)
		if needed--; needed == 0 {
			out.WriteRune(point)
		}
	}
	if needed > 0 {
		out.WriteRune(0xFFFD)
	}
	return out.String()
}

// pieces is a stream that arrives in the given pieces, one a Read. An empty
// piece is a Read that brings nothing. Then comes err, or io.EOF.
type pieces struct {
	left    []string
	err     error
	errWith bool // the error comes together with the last piece
}

func (p *pieces) Read(buf []byte) (int, error) {
	if len(p.left) == 0 {
		return 0, p.end()
	}
	n := copy(buf, p.left[0])
	if p.left[0] = p.left[0][n:]; p.left[0] == "" {
		p.left = p.left[1:]
	}
	if len(p.left) == 0 && p.errWith {
		return n, p.end()
	}
	return n, nil
}

func (p *pieces) end() error {
	if p.err != nil {
		return p.err
	}
	return io.EOF
}

// transcript reads until the end and notes all that happens, in order.
func transcript(t testing.TB, in io.Reader, limit int) []string {
	t.Helper()
	var events []string
	replies := writerFunc(func(p []byte) (int, error) {
		events = append(events, fmt.Sprintf("reply % X", p))
		return len(p), nil
	})
	r := NewReader(in, replies, limit)
	for {
		line, err := r.ReadLine()
		switch {
		case err == nil:
			events = append(events, fmt.Sprintf("line %q", line))
		case errors.Is(err, ErrTooLong):
			events = append(events, "too long")
		case errors.Is(err, ErrLeave):
			events = append(events, "leave")
		case err == io.EOF:
			return append(events, "eof")
		default:
			t.Fatalf("after %q: %v", events, err)
		}
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
