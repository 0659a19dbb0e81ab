package main

import (
	"slices"
	"strings"
	"testing"
)

func TestScreenShowsWhatATerminalShows(t *testing.T) {
	wide := strings.Repeat("x", screenWidth)
	for _, test := range []struct{ name, sent, lines string }{
		{"lines", "a\r\nb\r\n", "a|b"},
		{"line without end", "a\r\nb", "a|b"},
		{"empty line", "a\r\n\r\nb\r\n", "a||b"},
		{"blanks at the end", "a  \r\n", "a"},
		{"carriage return redraws", " 10%\r 99%\r100%\r\n", "100%"},
		{"backspace", "ab\bc\r\n", "ac"},
		{"tab", "a\tb\r\n", "a       b"},
		{"colours", "\x1b[1;31mred\x1b[0m\r\n", "red"},
		{"private modes", "\x1b[?2004ha\x1b[?25l\r\n", "a"},
		{"title", "\x1b]0;title\x07a\x1b]2;t\x1b\\b\r\n", "ab"},
		{"character set", "\x1b(Ba\r\n", "a"},
		{"bell and other controls", "a\x07\x00\x0eb\r\n", "ab"},
		{"erase to the end", "abc\r\x1b[1C\x1b[Kx\r\n", "ax"},
		{"erase the line", "abc\x1b[2K\rx\r\n", "x"},
		{"delete characters", "abcd\x1b[3D\x1b[2P\r\n", "ad"},
		{"insert characters", "ad\x1b[1D\x1b[2@bc\r\n", "abcd"},
		{"save and restore", "a\x1b7b\x1b8c\r\n", "ac"},
		{"clear", "a\r\nb\r\n\x1b[H\x1b[2Jc\r\n", "c"},
		{"not UTF-8", "a\xffb\xc3\r\n", "a\uFFFDb\uFFFD"},
		{"wrapped line stays one line", wide + "y\r\nz\r\n", wide + "y|z"},
		{"a line as wide as the screen", wide + "\r\nz\r\n", wide + "|z"},
		{"cursor up over a wrapped line", wide + "y\r\x1b[1Az\r\n\x1b[K\r\n", "z" + wide[1:] + "|"},
		{"progress over several lines", "$\r\n\x1b[1A\x1b[1B\x1b[0G[+] 0/2\r\n one\r\n two\r\n" +
			"\x1b[1A\x1b[1A\x1b[1A\x1b[0G[+] 2/2\r\n ONE\r\n TWO\r\n", "$|[+] 2/2| ONE| TWO"},
	} {
		whole := newScreen()
		_, _ = whole.Write([]byte(test.sent))
		cut := newScreen()
		for i := range len(test.sent) {
			_, _ = cut.Write([]byte{test.sent[i]})
		}
		for _, s := range []*screen{whole, cut} {
			got, _ := s.lines(position{}, s.end())
			if !slices.Equal(got, strings.Split(test.lines, "|")) {
				t.Errorf("%s: %q shows %q, want %q", test.name, test.sent, got, test.lines)
			}
		}
	}
}

func TestScreenKeepsWhatHasScrolledOff(t *testing.T) {
	s := newScreen()
	for range 3 * screenHeight {
		_, _ = s.Write([]byte("line\r\n"))
	}
	if got, _ := s.lines(position{}, s.end()); len(got) != 3*screenHeight {
		t.Errorf("%d lines of %d are there", len(got), 3*screenHeight)
	}
	_, _ = s.Write([]byte("\x1b[9999Atop"))
	if got, _ := s.lines(position{}, s.end()); got[2*screenHeight] != "line" || got[2*screenHeight+1] != "tope" {
		t.Errorf("the cursor has left the window: %q", got[2*screenHeight-1:])
	}
}

func TestScreenIsBounded(t *testing.T) {
	s := newScreen()
	chunk := []byte(strings.Repeat("0123456789\r\n", 1000))
	for range 2 * screenLimit / len(chunk) {
		_, _ = s.Write(chunk)
	}
	cells := 0
	for _, row := range s.rows {
		cells += len(row.cells)
	}
	if !s.full || cells+len(s.rows) > screenLimit+1 {
		t.Errorf("full is %v with %d cells in %d rows", s.full, cells, len(s.rows))
	}
}

func TestShellsMarks(t *testing.T) {
	s := newScreen()
	_, _ = s.Write([]byte("x\x1b]133;A\x07$ \x1b]133;B\x1b\\ls\r\n\x1b]133;C\x07"))
	want := []mark{{promptMark, position{0, 1}}, {readyMark, position{0, 3}}, {commandMark, position{1, 0}}}
	if !slices.Equal(s.marks, want) {
		t.Errorf("got %v, want %v", s.marks, want)
	}
}

func FuzzScreen(f *testing.F) {
	f.Add([]byte("a\x1b[2Jb\x1b[99;99Hc\x1b[1A\x1b[P\x1b[@d\r\n"))
	f.Add([]byte("\x1b]133;A\x07\x1bP\x1b\\\x1b[?1h\xe2\x9c"))
	f.Add([]byte("\x1b[B\x1b[B\x1b[X\x1b[1J\x1b[K\t\b\b"))
	f.Add([]byte("\x1b[-2J\x1b[-2K\x1b[-5P\x1b[-1;-1H"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		s := newScreen()
		_, _ = s.Write(sent)
		s.lines(position{}, s.end())
		if len(s.visible()) > screenHeight || s.filled > screenLimit {
			t.Fatal("the screen has outgrown its bounds")
		}
	})
}
