package main

import "strings"

const ellipsis = "…"

// want is what the page says about one line of output, or, for the kinds that are not plain, about any number.
type want struct {
	kind wantKind
	text string // may have an ellipsis in it, which stands for anything within the line
	line int    // of the page
}

type wantKind int

const (
	wantLine   wantKind = iota
	wantAny             // a lone ellipsis: any number of lines
	wantBlanks          // the edge of a block: any number of empty lines
)

func wantFor(s step) want {
	if strings.TrimSpace(s.text) == ellipsis {
		return want{kind: wantAny, text: s.text, line: s.line}
	}
	return want{kind: wantLine, text: s.text, line: s.line}
}

// outcome says how far the lines agree with what is wanted.
type outcome struct {
	ok   bool
	want int // index of the first want that could not be met; len(wants): there are lines too many
	line int // index of the line at which that was seen; len(lines): there are lines too few
}

// match compares all lines with all wants. It follows every way in which the ellipses can be read at the same time,
// so it takes len(wants)*len(lines) steps at most, and reports the way that leads furthest.
func match(wants []want, lines []string) outcome {
	ways := make([]bool, len(wants)+1)
	ways[0] = true
	skipOptional(wants, ways)
	best := outcome{want: furthest(ways)}
	for i, line := range lines {
		ways = advance(wants, ways, line)
		far := furthest(ways)
		if far < 0 {
			return best
		}
		if far > best.want {
			best = outcome{want: far, line: i + 1}
		}
	}
	if ways[len(wants)] {
		return outcome{ok: true}
	}
	return best
}

// advance returns the ways that are open after one more line.
func advance(wants []want, ways []bool, line string) []bool {
	next := make([]bool, len(ways))
	for i, w := range wants {
		if !ways[i] {
			continue
		}
		switch w.kind {
		case wantLine:
			if ok, _ := fits(w.text, line); ok {
				next[i+1] = true
			}
		case wantAny:
			next[i] = true
		case wantBlanks:
			next[i] = next[i] || line == ""
		}
	}
	skipOptional(wants, next)
	return next
}

func skipOptional(wants []want, ways []bool) {
	for i, w := range wants {
		if ways[i] && w.kind != wantLine {
			ways[i+1] = true
		}
	}
}

func furthest(ways []bool) int {
	for i := len(ways) - 1; i >= 0; i-- {
		if ways[i] {
			return i
		}
	}
	return -1
}

// fits says whether a line is what a text with ellipses says. same is the number of bytes of the line before the
// first difference.
func fits(text, line string) (ok bool, same int) {
	parts := strings.Split(text, ellipsis)
	same = commonPrefix(parts[0], line)
	if same < len(parts[0]) {
		return false, same
	}
	if len(parts) == 1 {
		return same == len(line), same
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(line[same:], part)
		if at < 0 {
			return false, same
		}
		same += at + len(part)
	}
	return strings.HasSuffix(line[same:], last), same
}

// commonPrefix counts the bytes of whole characters with which both begin.
func commonPrefix(a, b string) int {
	for i, char := range a {
		if !strings.HasPrefix(b[min(i, len(b)):], string(char)) {
			return i
		}
	}
	return len(a)
}
