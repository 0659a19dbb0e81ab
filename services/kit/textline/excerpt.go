package textline

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What an excerpt shows of a long text, in bytes.
const (
	shownBefore = 40 // in front of the interesting place
	shownInAll  = 120
)

// Excerpt quotes text, or if it is long the part of it around the byte at. It
// returns, too, in which column of the result that byte stands: a caret below
// it points there.
func Excerpt(text string, at int) (quoted string, column int) {
	return excerpt(text, at, strconv.Quote)
}

// ExcerptBytes is Excerpt for bytes that are not all text: those above ASCII
// are shown by their numbers, \xc3 and the like, even where some of them happen
// to be a letter.
func ExcerptBytes(data string, at int) (quoted string, column int) {
	return excerpt(data, at, quoteBytes)
}

func excerpt(text string, at int, quote func(string) string) (quoted string, column int) {
	from, to := 0, len(text)
	if len(text) > shownInAll {
		from = runeStart(text, max(0, min(at, len(text))-shownBefore))
		to = runeStart(text, min(len(text), from+shownInAll))
	}
	at = runeStart(text, min(max(at, from), to))
	left := quote(text[from:at])
	left = left[:len(left)-1] // the quotation goes on
	quoted = quote(text[from:to])
	if from > 0 {
		left, quoted = "..."+left, "..."+quoted
	}
	if to < len(text) {
		quoted += "..."
	}
	return quoted, columns(left)
}

func quoteBytes(data string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(data) {
		if c := data[i]; c >= utf8.RuneSelf {
			fmt.Fprintf(&b, `\x%02x`, c)
		} else {
			quoted := strconv.Quote(string(rune(c)))
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	b.WriteByte('"')
	return b.String()
}

// runeStart moves i back to the beginning of the character of text that it is
// in the middle of, if it is. Bytes that are no character stand alone.
func runeStart(text string, i int) int {
	for start := i - 1; start >= 0 && start > i-utf8.UTFMax; start-- {
		if _, size := utf8.DecodeRuneInString(text[start:]); start+size > i {
			return start
		}
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
