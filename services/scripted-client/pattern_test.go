package main

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestDifference(t *testing.T) {
	for _, test := range []struct {
		pattern, line string
		at            int
	}{
		{"hello", "hello", -1},
		{"hello", "hallo", 1},
		{"hello", "hell", 4},
		{"hello", "hello ", 5},
		{"", "", -1},
		{"", "x", 0},
		{"x", "", 0},
		{"…", "", -1},
		{"…", "anything at all", -1},
		{"a…c", "ac", -1},
		{"a…c", "abc", -1},
		{"a…c", "abcd", 1},
		{"a…c", "xbc", 0},
		{"…c", "abc", -1},
		{"a…", "abc", -1},
		{"a…b…c", "a b b c", -1},
		{"a…b…c", "a c", 1},
		{"a…b…c", "a b", 3},
		{"a…a", "a", 1}, // the same letter does not count twice
		{"* guest-…  joined", "* guest-7 joined", 8},
		{"é", "è", 0},
		{"x\uFFFD", "x\uFFFDy", 4},
	} {
		if at := difference(test.pattern, test.line); at != test.at {
			t.Errorf("%q and %q: %d, want %d", test.pattern, test.line, at, test.at)
		}
	}
}

// FuzzDifference holds … to what .* means in a regular expression.
func FuzzDifference(f *testing.F) {
	f.Add("a…b…c", "a b b c")
	f.Add("… …", " ")
	f.Fuzz(func(t *testing.T, pattern, line string) {
		if !utf8.ValidString(pattern) || !utf8.ValidString(line) {
			return // neither talks nor what is heard are
		}
		parts := strings.Split(pattern, anything)
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		want := regexp.MustCompile(`(?s)\A` + strings.Join(parts, ".*") + `\z`).MatchString(line)
		at := difference(pattern, line)
		if (at < 0) != want {
			t.Errorf("%q and %q: %d, the regular expression says %v", pattern, line, at, want)
		}
		if at > len(line) || at >= 0 && at < len(line) && !utf8.RuneStart(line[at]) {
			t.Errorf("%q and %q: %d is no place in it", pattern, line, at)
		}
	})
}
