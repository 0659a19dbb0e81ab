package main

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

func TestPrintable(t *testing.T) {
	for _, b := range printable(10000) {
		if b <= ' ' || b > '~' {
			t.Fatalf("byte %#x", b)
		}
	}
}

// What a load says: messages of the right size, and no two alike in a row, not
// even the last and the first.
func TestMessages(t *testing.T) {
	for name, messages := range map[string]func(int) [][]byte{
		"pieces": pieces, "asciiLines": asciiLines, "accentedLines": accentedLines,
	} {
		all := messages(64)
		previous := all[len(all)-1]
		for _, message := range all {
			if len(message) != 64 {
				t.Errorf("%s: %q has %d bytes", name, message, len(message))
			}
			if bytes.Equal(message, previous) {
				t.Errorf("%s: %q twice", name, message)
			}
			previous = message
		}
	}
}

func TestLines(t *testing.T) {
	for _, test := range []struct {
		name     string
		lines    [][]byte
		accented bool
	}{
		{"ASCII", asciiLines(64), false},
		{"accented", accentedLines(64), true},
	} {
		text := bytes.Join(test.lines, nil)
		if !utf8.Valid(text) {
			t.Errorf("%s: not UTF-8: %q", test.name, text)
		}
		if !bytes.HasSuffix(text, []byte("\n")) || bytes.Count(text, []byte("\n")) != len(test.lines) {
			t.Errorf("%s: not a line each: %q", test.name, text)
		}
		if got := utf8.RuneCount(text) < len(text); got != test.accented {
			t.Errorf("%s: letters of two bytes: %v, want %v", test.name, got, test.accented)
		}
	}
}
