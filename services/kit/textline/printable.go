package textline

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	lineSeparator      = '\u2028'
	paragraphSeparator = '\u2029'
)

// Printable returns text without what could do something to the terminal of
// the person it is shown to: text from a stranger could otherwise clear the
// screen, forge a line of somebody else, or set the clipboard.
//
// It takes out control characters (C0, DEL and C1), and with those that begin
// an escape sequence the whole sequence (ECMA-48), to the end of the text if it
// has no end; line and paragraph separators (U+2028, U+2029), as the text is
// one line; and the characters with the property Bidi_Control (Unicode
// Standard Annex #9), as they can turn round what is written beside the text. A
// TAB becomes one blank. Bytes that are not UTF-8 become U+FFFD, as in
// [ValidUTF8]. All else stays: letters of every alphabet, which show right to
// left without those characters, combining marks, emoji and their joiners.
//
// Printable text is returned as it is, without allocation.
func Printable(text string) string {
	if isPrintable(text) {
		return text
	}
	if !utf8.ValidString(text) {
		text = string(ValidUTF8([]byte(text)))
	}
	var b strings.Builder
	b.Grow(len(text))
	for len(text) > 0 {
		c, size := utf8.DecodeRuneInString(text)
		switch {
		case c == '\t':
			b.WriteByte(' ')
		case unicode.IsControl(c):
			size = sequenceLength(text)
		case isPrintableRune(c):
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}

func isPrintable(text string) bool {
	ascii := 0 // most texts have nothing else
	for ascii < len(text) && isPrintableASCII(text[ascii]) {
		ascii++
	}
	rest := text[ascii:]
	for _, c := range rest {
		if !isPrintableRune(c) {
			return false
		}
	}
	return utf8.ValidString(rest)
}

func isPrintableASCII(c byte) bool { return ' ' <= c && c <= '~' }

func isPrintableRune(c rune) bool {
	switch {
	case c < utf8.RuneSelf:
		return isPrintableASCII(byte(c))
	case c == lineSeparator, c == paragraphSeparator:
		return false
	}
	return !unicode.IsControl(c) && !unicode.Is(unicode.Bidi_Control, c)
}
