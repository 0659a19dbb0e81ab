package main

import (
	"strings"
	"testing"
	"unicode/utf8"

	"socketlab/kit/textline"
)

// FuzzMoreOfALineShowsMore: screens write what a line has gained, so what they
// have shown of it must stay its beginning.
func FuzzMoreOfALineShowsMore(f *testing.F) {
	f.Add("a\x1b[31mb", 2)
	f.Add("a\x1b]0;title\x07b", 3)
	f.Add("\x1b(é\u009b1m\x1b\x1b\\", 1)
	f.Fuzz(func(t *testing.T, text string, cut int) {
		text = string(textline.ValidUTF8([]byte(text)))
		if cut < 0 || cut > len(text) || !utf8.ValidString(text[:cut]) {
			return
		}
		part, whole := textline.Printable(text[:cut]), textline.Printable(text)
		if !strings.HasPrefix(whole, part) {
			t.Errorf("%q shows %q, but %q shows %q", text[:cut], part, text, whole)
		}
	})
}
