package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestParseTalk(t *testing.T) {
	got, err := parseTalk("x.talk", "\uFEFF# a comment\r\n#\r\n\r\n> hello \r\n<\r\n  \n>\n<   … x…\n< > a\n> # b")
	if err != nil {
		t.Fatal(err)
	}
	want := []step{{4, true, "hello "}, {5, false, ""}, {7, true, ""}, {8, false, "  … x…"}, {9, false, "> a"}, {10, true, "# b"}}
	if !slices.Equal(got.steps, want) {
		t.Errorf("got  %v\nwant %v", got.steps, want)
	}
}

func TestTalksThatAreWrong(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "x.talk:1: nothing is said or expected here",
		"# only\n# comments\n": "x.talk:2: nothing is said or expected here",
		"> a\n>b\n":            `x.talk:2: there must be a blank behind ">"`,
		"<b\n":                 `x.talk:1: there must be a blank behind "<"`,
		">> b\n":               `x.talk:1: there must be a blank behind ">"`,
		"> a\nhello\n":         `x.talk:2: a line begins with "> " (say), "< " (expect) or "# " (comment), this one with "hello"`,
		" > a\n":               `x.talk:1: a line begins with "> " (say), "< " (expect) or "# " (comment), this one with " > a"`,
		"> a\n\n> caf\xe9\n":   "x.talk:3: this is not UTF-8",
	} {
		if _, err := parseTalk("x.talk", text); err == nil || err.Error() != want {
			t.Errorf("%q: %v\nwant %s", text, err, want)
		}
	}
}

// FuzzParseTalk: an error names the line; a talk that is written down again is
// the same talk.
func FuzzParseTalk(f *testing.F) {
	f.Add("# server: echo-server\n> hello\r\n< he…\n")
	f.Add("\uFEFF>\n<\n\n>x\n")
	at := regexp.MustCompile(`^x\.talk:\d+: `)
	f.Fuzz(func(t *testing.T, text string) {
		talk, err := parseTalk("x.talk", text)
		if err != nil {
			if !at.MatchString(err.Error()) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		lines := make([]string, talk.steps[len(talk.steps)-1].row)
		for _, step := range talk.steps {
			// CR LF, or a CR at the end of the text would be lost.
			lines[step.row-1] = fmt.Sprintf("%s %s\r", map[bool]string{true: ">", false: "<"}[step.says], step.text)
		}
		again, err := parseTalk("x.talk", strings.Join(lines, "\n"))
		if err != nil || !slices.Equal(again.steps, talk.steps) {
			t.Errorf("%q\nfirst %v\nagain %v (%v)", text, talk.steps, again.steps, err)
		}
	})
}
