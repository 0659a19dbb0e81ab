package main

import (
	"strings"
	"unicode/utf8"
)

// anything, in an expected line, stands for any text, or for none.
const anything = "…"

// difference returns the index in line of the first byte that pattern does not
// allow, len(line) where more was expected, and -1 where line is as expected.
// It never points into the middle of a character of a valid line.
func difference(pattern, line string) int {
	parts := strings.Split(pattern, anything)
	first, rest := parts[0], parts[1:]
	at := commonPrefix(first, line)
	if at < len(first) || len(rest) == 0 && at < len(line) {
		return at
	}
	if len(rest) == 0 {
		return -1
	}
	// Between two … the first place that fits is as good as any later one.
	for _, part := range rest[:len(rest)-1] {
		i := strings.Index(line[at:], part)
		if i < 0 {
			return at
		}
		at += i + len(part)
	}
	if !strings.HasSuffix(line[at:], rest[len(rest)-1]) {
		return at
	}
	return -1
}

func matches(pattern, line string) bool { return difference(pattern, line) < 0 }

// commonPrefix returns how many bytes a and b begin with in common, in whole
// characters.
func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) {
		c, size := utf8.DecodeRuneInString(a[n:])
		d, sizeB := utf8.DecodeRuneInString(b[n:])
		if c != d || size != sizeB {
			break
		}
		n += size
	}
	return n
}
