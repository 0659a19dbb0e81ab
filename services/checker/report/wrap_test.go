package report

import (
	"slices"
	"testing"
)

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		lines []string
	}{
		{"", 10, []string{""}},
		{"as it is, however long", 0, []string{"as it is, however long"}},
		{"one two three", 8, []string{"one two", "three"}},
		{"one two three", 7, []string{"one", "two", "three"}},
		{"žluť žluť", 10, []string{"žluť žluť"}},
		{"anextremelylongword x", 5, []string{"anextremelylongword", "x"}},
	} {
		if got := wrap(test.text, test.width); !slices.Equal(got, test.lines) {
			t.Errorf("wrap(%q, %d) = %q, want %q", test.text, test.width, got, test.lines)
		}
	}
}
