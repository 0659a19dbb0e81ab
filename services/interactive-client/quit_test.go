package main

import (
	"strings"
	"testing"
)

func TestQuitIsALineOfItsOwn(t *testing.T) {
	long := strings.Repeat("x", maxUnfinished+1)
	for _, chunks := range [][]string{
		{"QUITE\n"}, {"I QUIT\n"}, {"quit\n"}, {" QUIT\n"}, {"\n"}, {long, "QUIT\n"},
		{"QUIT", "E"}, {"QUIT", "E\n"}, {"Q", "UITE"}, {long, "QUIT"}, {""},
	} {
		q := newQuitWatch("QUIT")
		for _, chunk := range chunks {
			q.hear([]byte(chunk))
		}
		if q.guess.Stop() || len(q.said) > 0 {
			t.Errorf("%.20q: it was heard", chunks)
		}
	}
}

func TestWithoutAWordNothingIsHeard(t *testing.T) {
	q := newQuitWatch("")
	q.hear([]byte("\n\n"))
	if q.guess.Stop() || len(q.said) > 0 {
		t.Error("the empty line was heard")
	}
}
