package main

import (
	"strings"
	"testing"
)

// wants turns a page's lines, parted by |, into wants; "blanks" stands for the edge of a block.
func wantsOf(page string) []want {
	var wants []want
	for i, text := range strings.Split(page, "|") {
		switch {
		case page == "":
		case text == "blanks":
			wants = append(wants, want{kind: wantBlanks, line: i})
		default:
			wants = append(wants, wantFor(step{text: text, line: i}))
		}
	}
	return wants
}

func linesOf(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "|")
}

func TestMatch(t *testing.T) {
	for _, test := range []struct {
		page, came string
		ok         bool
		want, line int // where a mismatch is seen
	}{
		{page: "", came: "", ok: true},
		{page: "a|b", came: "a|b", ok: true},
		{page: "a|b", came: "a", want: 1, line: 1},
		{page: "a", came: "a|b", want: 1, line: 1},
		{page: "", came: "b", want: 0, line: 0},
		{page: "a|b", came: "a|x|b", want: 1, line: 1},
		{page: "a|b", came: "b|a", want: 0, line: 0},
		{page: "a||b", came: "a||b", ok: true},
		{page: "a|b", came: "a||b", want: 1, line: 1},

		{page: "…", came: "", ok: true},
		{page: "…", came: "a||b", ok: true},
		{page: " … ", came: "a", ok: true},
		{page: "…|b", came: "b", ok: true},
		{page: "…|b", came: "a|b|b", ok: true},
		{page: "…|b", came: "a|b|c", want: 2, line: 2},
		{page: "a|…|b|c", came: "a|b|x|b|c", ok: true},
		{page: "a|…|b|c", came: "a|b|x", want: 3, line: 2},
		{page: "…|a|…|b", came: "x|a|b", ok: true},
		{page: "…|a|…|b", came: "x|b|a", want: 3, line: 3},

		{page: "a…", came: "a", ok: true},
		{page: "a…", came: "abc", ok: true},
		{page: "…c", came: "abc", ok: true},
		{page: "a…c", came: "abc", ok: true},
		{page: "a…c", came: "ac", ok: true},
		{page: "ab…b", came: "ab", want: 0, line: 0},
		{page: "a…b…c", came: "a-b-b-c", ok: true},
		{page: "a…b…c", came: "a-c-b", want: 0, line: 0},
		{page: "……", came: "x", ok: true},
		{page: "a…c", came: "a|c", want: 0, line: 0},

		{page: "a|blanks", came: "a||", ok: true},
		{page: "blanks|a", came: "||a", ok: true},
		{page: "a|blanks|b", came: "a||b", ok: true},
		{page: "a|blanks|b", came: "a|b", ok: true},
		{page: "a|blanks", came: "a||x", want: 2, line: 1},
	} {
		got := match(wantsOf(test.page), linesOf(test.came))
		if got != (outcome{test.ok, test.want, test.line}) {
			t.Errorf("page %q, came %q: got %+v, want %v %d %d", test.page, test.came, got, test.ok, test.want, test.line)
		}
	}
}

func TestFitsTellsTheFirstDifference(t *testing.T) {
	for _, test := range []struct {
		text, line string
		same       int
	}{
		{"hello world", "hello wurld", 7},
		{"hello", "hello!", 5},
		{"hello!", "hello", 5},
		{"größe", "größte", 6},
		{"é", "è", 0},
		{"a…z", "b", 0},
		{"a…bc…z", "a--bcd", 5},
	} {
		if ok, same := fits(test.text, test.line); ok || same != test.same {
			t.Errorf("fits(%q, %q) = %v, %d; want %d", test.text, test.line, ok, same, test.same)
		}
	}
}

// FuzzMatch checks match against a definition that is too slow to be used.
func FuzzMatch(f *testing.F) {
	f.Add("a|…|b|blanks", "a|x|b|")
	f.Add("…|…", "a|b")
	f.Fuzz(func(t *testing.T, page, came string) {
		wants, lines := wantsOf(page), linesOf(came)
		if len(wants) > 8 || len(lines) > 8 {
			t.Skip()
		}
		if got := match(wants, lines); got.ok != slowMatch(wants, lines) {
			t.Fatalf("page %q, came %q: got %+v", page, came, got)
		}
	})
}

func slowMatch(wants []want, lines []string) bool {
	if len(wants) == 0 {
		return len(lines) == 0
	}
	if wants[0].kind != wantLine && slowMatch(wants[1:], lines) {
		return true
	}
	if len(lines) == 0 {
		return false
	}
	switch wants[0].kind {
	case wantAny:
		return slowMatch(wants, lines[1:])
	case wantBlanks:
		return lines[0] == "" && slowMatch(wants, lines[1:])
	}
	ok, _ := fits(wants[0].text, lines[0])
	return ok && slowMatch(wants[1:], lines[1:])
}
