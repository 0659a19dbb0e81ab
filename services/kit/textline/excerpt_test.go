package textline

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestExcerptPointsAtAByteThatIsNoCharacter(t *testing.T) {
	for _, test := range []struct {
		text   string
		at     int
		column int
	}{
		{"a\x80\x81\x82\x83\x84b", 5, 1 + 1 + 4*4}, // the quote, a, and four bytes as \x80
		{"aéb", 2, 2}, // in the middle of é
		{"aéb", 3, 3},
		{"", 0, 1},
	} {
		if _, column := Excerpt(test.text, test.at); column != test.column {
			t.Errorf("%q, byte %d: column %d, want %d", test.text, test.at, column, test.column)
		}
	}
}

func TestExcerptBytes(t *testing.T) {
	quoted, column := ExcerptBytes("a\"\n\x00é\xff\x1b", 6)
	if want := `"a\"\n\x00\xc3\xa9\xff\x1b"`; quoted != want || column != 18 {
		t.Errorf("%s, column %d, want %s", quoted, column, want)
	}
}

// Whatever a stranger sends, what is shown is short and cannot move a cursor.
func FuzzExcerpt(f *testing.F) {
	f.Add("\x1b[2J\u202e\xff"+strings.Repeat("ß", 200), 77)
	f.Fuzz(func(t *testing.T, text string, at int) {
		shown, column := Excerpt(text, at)
		if len(shown) > 10*shownInAll+10 || column > utf8.RuneCountInString(shown) {
			t.Errorf("%q: %d bytes, column %d", shown, len(shown), column)
		}
		if strings.ContainsFunc(shown, func(r rune) bool { return r < ' ' || r == '\u202e' }) {
			t.Errorf("not printable: %q", shown)
		}
	})
}
