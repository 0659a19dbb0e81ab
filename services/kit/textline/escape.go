package textline

import (
	"strings"
	"unicode/utf8"
)

// The control characters that begin or end a sequence, with their names in
// ECMA-48 (the standard behind "ANSI escape codes").
const (
	bel = '\a'
	can = 0x18
	sub = 0x1A
	esc = 0x1B

	dcs = 0x90 // device control string
	sos = 0x98 // start of string
	csi = 0x9B // control sequence introducer: colours, cursor
	st  = 0x9C // string terminator
	osc = 0x9D // operating system command: window title, clipboard
	pm  = 0x9E // privacy message
	apc = 0x9F // application program command
)

// sequenceLength returns the length in bytes of the control character that
// text starts with, together with the sequence that it begins, if any.
func sequenceLength(text string) int {
	c, n := introducer(text)
	rest := text[n:]
	switch c {
	case csi:
		return n + controlSequence(rest)
	case dcs, sos, osc, pm, apc:
		return n + controlString(rest)
	case esc:
		return n + shortEscape(rest)
	}
	return n
}

// introducer returns the control character at the front of text and its
// length. ESC and one of @ to _ are the older way to write a C1 character, for
// lines of seven bits: ESC [ is U+009B.
func introducer(text string) (c rune, n int) {
	if text[0] == esc && len(text) > 1 && '@' <= text[1] && text[1] <= '_' {
		return rune(text[1]) + 0x40, 2
	}
	return utf8.DecodeRuneInString(text)
}

// controlSequence measures what follows CSI: parameters and intermediates from
// blank to ?, then the final byte from @ to ~. Control characters in between
// belong to it as terminals see it, except those that cancel it. Anything else
// is an error of the sender: the sequence stops in front of it.
func controlSequence(rest string) int {
	for i := range len(rest) {
		switch c := rest[i]; {
		case '@' <= c && c <= '~':
			return i + 1
		case c == esc, c == can, c == sub, c >= utf8.RuneSelf:
			return i
		}
	}
	return len(rest)
}

// controlString measures what follows OSC and its kind: all up to ST, in
// either of its forms, or to BEL, which xterm began to take for it.
func controlString(rest string) int {
	for i, c := range rest {
		if c == bel || c == st {
			return i + utf8.RuneLen(c)
		}
		if strings.HasPrefix(rest[i:], "\x1b\\") {
			return i + 2
		}
	}
	return len(rest)
}

// shortEscape measures what follows an ESC that begins none of the above: one
// byte from 0 to ~, perhaps with intermediates before it, as in ESC ( B.
func shortEscape(rest string) int {
	for i := range len(rest) {
		switch c := rest[i]; {
		case '0' <= c && c <= '~':
			return i + 1
		case c < ' ', c > '~':
			return i
		}
	}
	return len(rest)
}
