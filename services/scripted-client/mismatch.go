package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// showMismatch prints what was expected, what came, and a caret below the
// first difference. Both are quoted: so a blank at the end can be seen, and no
// control character of a stranger gets to the terminal.
func showMismatch(out io.Writer, want, got string) {
	at := difference(want, got)
	shownWant, _ := excerpt(want, at)
	shownGot, column := excerpt(got, at)
	fmt.Fprintf(out, "  expected %s\n  got      %s\n           %s^\n", shownWant, shownGot, strings.Repeat(" ", column))
}

// What an excerpt shows of a long text, in bytes.
const (
	shownBefore = 40 // in front of the interesting place
	shownInAll  = 120
)

// excerpt quotes text, or if it is long the part of it around the byte at. It
// returns, too, in which column of the result that byte stands.
func excerpt(text string, at int) (quoted string, column int) {
	from, to := 0, len(text)
	if len(text) > shownInAll {
		from = runeStart(text, max(0, min(at, len(text))-shownBefore))
		to = runeStart(text, min(len(text), from+shownInAll))
	}
	at = runeStart(text, min(max(at, from), to))
	left := strconv.Quote(text[from:at])
	left = left[:len(left)-1] // the quotation goes on
	quoted = strconv.Quote(text[from:to])
	if from > 0 {
		left, quoted = "..."+left, "..."+quoted
	}
	if to < len(text) {
		quoted += "..."
	}
	return quoted, columns(left)
}

// runeStart moves i back to the beginning of a character of text.
func runeStart(text string, i int) int {
	for i > 0 && i < len(text) && !utf8.RuneStart(text[i]) {
		i--
	}
	return i
}

// columns is how wide a terminal shows text. Marks that combine with the
// letter before them take no room; the characters of East Asia, which take two
// columns, are counted as one, so there the caret stands too far left.
func columns(text string) int {
	n := 0
	for _, c := range text {
		if !unicode.In(c, unicode.Mn, unicode.Me) {
			n++
		}
	}
	return n
}
