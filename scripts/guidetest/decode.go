package main

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxSequence bounds what is kept of a control sequence; the rest of a longer one is dropped.
const maxSequence = 256

type decodeState int

const (
	ground            decodeState = iota
	escape                        // after ESC
	charset                       // after ESC and one of ( ) * + # % or a blank: one more byte
	sequence                      // after ESC [
	commandString                 // after ESC ]: up to BEL or ESC \
	ignoredString                 // after ESC P, X, ^ or _: like commandString, of no use here
	commandStringEnds             // ESC inside of commandString
	ignoredStringEnds             // ESC inside of ignoredString
)

// decoder remembers what a write has cut in two: a control sequence or a character.
type decoder struct {
	state   decodeState
	kept    []byte // the sequence so far
	partial []byte // the bytes of a character so far
}

// Write shows what a program sends. It takes everything and never fails; what a terminal does not understand shows
// nothing, and bytes that are not UTF-8 show as U+FFFD.
func (s *screen) Write(p []byte) (int, error) {
	for _, b := range p {
		s.writeByte(b)
	}
	return len(p), nil
}

func (s *screen) writeByte(b byte) {
	d := &s.decode
	switch d.state {
	case ground:
		s.writeGround(b)
	case escape:
		s.writeEscape(b)
	case charset:
		d.state = ground
	case sequence:
		s.writeControl(b)
	case commandString, ignoredString:
		switch {
		case b == 0x07:
			s.endCommand()
		case b == 0x1b && d.state == commandString:
			d.state = commandStringEnds
		case b == 0x1b:
			d.state = ignoredStringEnds
		default:
			d.keep(b)
		}
	case commandStringEnds:
		s.endCommand()
	case ignoredStringEnds:
		d.reset(ground)
	}
}

func (d *decoder) reset(next decodeState) { d.state, d.kept = next, d.kept[:0] }

func (d *decoder) keep(b byte) {
	if len(d.kept) < maxSequence {
		d.kept = append(d.kept, b)
	}
}

func (s *screen) writeGround(b byte) {
	d := &s.decode
	if b >= utf8.RuneSelf {
		d.partial = append(d.partial, b)
		for len(d.partial) > 0 && utf8.FullRune(d.partial) {
			char, size := utf8.DecodeRune(d.partial)
			s.put(char)
			d.partial = d.partial[size:]
		}
		return
	}
	if len(d.partial) > 0 {
		s.put(utf8.RuneError)
		d.partial = nil
	}
	switch b {
	case 0x1b:
		d.reset(escape)
	case '\n', '\v', '\f':
		s.lineFeed()
	case '\r':
		s.at.col = 0
	case '\b':
		s.at.col = max(0, min(s.at.col, screenWidth-1)-1)
	case '\t':
		s.at.col = min((s.at.col/tabStop+1)*tabStop, screenWidth-1)
	default:
		if b >= ' ' && b != 0x7f {
			s.put(rune(b))
		}
	}
}

func (s *screen) writeEscape(b byte) {
	d := &s.decode
	d.reset(ground)
	switch {
	case b == '[':
		d.state = sequence
	case b == ']':
		d.state = commandString
	case strings.IndexByte("PX^_", b) >= 0:
		d.state = ignoredString
	case strings.IndexByte("()*+#% ", b) >= 0:
		d.state = charset
	case b == '7':
		s.saved = s.at
	case b == '8':
		s.move(s.saved.row, s.saved.col)
	case b == 'M':
		s.move(s.at.row-1, s.at.col)
	case b == 'D':
		s.lineFeed()
	case b == 'E':
		s.lineFeed()
		s.at.col = 0
	}
}

func (s *screen) writeControl(b byte) {
	d := &s.decode
	switch {
	case b == 0x1b:
		d.reset(escape)
	case b < ' ':
		d.state = ground
		s.writeGround(b)
		d.state = sequence
	case b < '@':
		d.keep(b)
	default:
		parameters := string(d.kept)
		d.reset(ground)
		if parameters == "" || parameters[0] < '<' {
			s.obey(b, numbers(parameters))
		}
	}
}

// numbers reads the parameters of a control sequence. One that is missing, or is no number from 0 up, is 0.
func numbers(parameters string) []int {
	var list []int
	for _, field := range strings.Split(parameters, ";") {
		number, err := strconv.Atoi(field)
		if err != nil {
			number = 0
		}
		list = append(list, max(0, min(number, screenLimit)))
	}
	return append(list, 0, 0)
}

// obey carries out ESC [ … final.
func (s *screen) obey(final byte, n []int) {
	count := max(1, n[0])
	col := min(s.at.col, screenWidth-1)
	switch final {
	case 'A':
		s.move(s.at.row-count, col)
	case 'B':
		s.move(s.at.row+count, col)
	case 'C':
		s.move(s.at.row, col+count)
	case 'D':
		s.move(s.at.row, col-count)
	case 'E':
		s.move(s.at.row+count, 0)
	case 'F':
		s.move(s.at.row-count, 0)
	case 'G':
		s.move(s.at.row, count-1)
	case 'd':
		s.move(s.top()+count-1, col)
	case 'H', 'f':
		s.move(s.top()+count-1, max(1, n[1])-1)
	case 's':
		s.saved = s.at
	case 'u':
		s.move(s.saved.row, s.saved.col)
	case 'J', 'K', 'X', 'P', '@':
		s.change(final, n[0])
	}
}

// change carries out the sequences that erase or shift what stands in the window.
func (s *screen) change(final byte, n int) {
	count := max(1, n)
	at := s.at
	cells := s.rows[at.row].cells
	switch final {
	case 'J':
		from, to := at.row+1, len(s.rows)
		if n != 0 {
			from = s.top()
		}
		if n == 1 {
			to = at.row
		}
		if n == 3 {
			return
		}
		s.change('K', n)
		for row := from; row < to; row++ {
			s.erase(row, 0, screenWidth)
			s.rows[row].soft = false
		}
	case 'K':
		spans := [][2]int{{at.col, screenWidth}, {0, at.col + 1}, {0, screenWidth}}
		span := spans[min(n, 2)]
		s.erase(at.row, span[0], span[1])
	case 'X':
		s.erase(at.row, at.col, at.col+count)
	case 'P':
		if at.col < len(cells) {
			s.rows[at.row].cells = append(cells[:at.col], cells[min(at.col+count, len(cells)):]...)
		}
	case '@':
		if at.col < len(cells) {
			rest := append([]rune{}, cells[at.col:]...)
			s.rows[at.row].cells = cells[:at.col]
			s.at.col += min(count, screenWidth-at.col)
			for _, char := range rest {
				if s.at.col < screenWidth {
					s.put(char)
				}
			}
			s.at = at
		}
	}
}

// endCommand ends ESC ] …; the only ones of interest are the shell's marks, 133;A and so on.
func (s *screen) endCommand() {
	kind, ok := strings.CutPrefix(string(s.decode.kept), "133;")
	isMark := ok && s.decode.state != ignoredString && len(kind) == 1
	s.decode.reset(ground)
	if isMark && s.fill() {
		s.marks = append(s.marks, mark{kind: kind[0], at: s.at})
	}
}
