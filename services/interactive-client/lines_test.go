package main

import (
	"strings"
	"testing"
)

func TestLines(t *testing.T) {
	var l lines
	for _, step := range []struct {
		chunk, ended, soFar string
	}{
		{"a", "", "a"},
		{"b\nc\r\n\nd\r", "ab,c,", "d"},
		{"\n", "d", ""},
		{"\xe2\x82", "", ""},
		{"\xac\n", "€", ""},
		{"\xff\n", "\ufffd", ""},
	} {
		var ended []string
		for _, line := range l.add([]byte(step.chunk)) {
			ended = append(ended, line.text)
		}
		if got := strings.Join(ended, ","); got != step.ended || l.soFar().text != step.soFar {
			t.Errorf("%q: %q and %q, want %q and %q", step.chunk, got, l.soFar().text, step.ended, step.soFar)
		}
	}
}

func TestALineWithoutEndIsNotKept(t *testing.T) {
	var l lines
	most := 0
	for range 1 << 20 / chunkSize {
		l.add([]byte(strings.Repeat("x", chunkSize)))
		most = max(most, cap(l.unfinished))
		l.takeLong()
	}
	if most > 2*(maxUnfinished+chunkSize) {
		t.Errorf("%d bytes were kept", most)
	}
	if last := l.add([]byte("QUIT\n"))[0]; last.whole {
		t.Error("the end of the line passes for a line")
	}
	if next := l.add([]byte("QUIT\n"))[0]; !next.whole {
		t.Error("the next line passes for a part")
	}
}
