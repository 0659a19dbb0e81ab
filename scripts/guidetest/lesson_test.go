package main

import (
	"os"
	"strings"
	"testing"
)

func TestParseLesson(t *testing.T) {
	source, err := os.ReadFile("testdata/page.md")
	if err != nil {
		t.Fatal(err)
	}
	l, err := parseLesson("testdata/page.md", source)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.blocks) != 4 || l.fences != 4 {
		t.Fatalf("got %d blocks and %d fences, want 4", len(l.blocks), l.fences)
	}
	first := l.blocks[0]
	want := []step{
		{stepCommand, "cat", 8}, {stepText, "hello", 9}, {stepOutput, "hello", 10}, {stepOutput, "", 11},
		{stepText, "", 12}, {stepOutput, "a       b", 13}, {stepKey, "<Ctrl-C>", 14},
	}
	if first.line != 6 || first.terminal != "alice" || first.end != 14 || len(first.steps) != len(want) {
		t.Fatalf("the first block is %+v", first)
	}
	for i, s := range first.steps {
		if s != want[i] {
			t.Errorf("step %d is %+v, want %+v", i, s, want[i])
		}
	}
	if l.blocks[1].skip != "needs IPv6" || l.blocks[2].edit.file != "a/b.go" || l.blocks[3].line != 40 {
		t.Errorf("the other blocks are %+v", l.blocks[1:])
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, test := range []struct{ page, wrong string }{
		{"\n~~~console\n$ ls\n~~~", "p.md:2: a console block needs terminal=NAME"},
		{"~~~console terminal=Alice\n$ ls\n~~~", "p.md:1: terminal=Alice: a name has a-z"},
		{"~~~console terminal=a color=red\n$ ls\n~~~", "p.md:1: color= is not known here"},
		{"~~~console terminal=a port=http\n$ ls\n~~~", "p.md:1: port=http: it must be a number"},
		{"~~~console terminal=a port=0\n$ ls\n~~~", "p.md:1: port=0: it must be a number"},
		{"~~~console terminal=a\n\n~~~", "p.md:1: the block is empty"},
		{"~~~console terminal=a\n$ ls\n> <Ctrl-%>\n~~~", "p.md:3: no key has the name <Ctrl-%>"},
		{"~~~console terminal=a\n$ ls\n> <F13>\n~~~", "p.md:3: no key has the name <F13>"},
		{"~~~diff file=../x\n a\n+b\n~~~", "p.md:1: file=../x does not lie inside the tree"},
		{"~~~diff file=/etc/x\n a\n+b\n~~~", "p.md:1: file=/etc/x does not lie"},
		{"~~~diff file=x skip=y\n a\n+b\n~~~", "p.md:1: skip= is not known here"},
		{"~~~diff file=x\n a\nb\n~~~", "p.md:3: a line of a diff begins with"},
		{"~~~diff file=x\n a\n~~~", "p.md:1: the diff changes nothing"},
		{"~~~diff file=x\n+a\n~~~", "p.md:1: the diff has no line of the old file"},
	} {
		_, err := parseLesson("p.md", []byte(test.page))
		if err == nil || !strings.HasPrefix(err.Error(), test.wrong) {
			t.Errorf("%q: got %v, want %s", test.page, err, test.wrong)
		}
	}
}

func TestMustRun(t *testing.T) {
	for path, want := range map[string]bool{
		"lab-guide/01-echo.md": true, "lab-guide/10-x.md": true, "lab-guide/00-start.md": false, "lab-guide/README.md": false,
	} {
		if got := (lesson{path: path}).mustRun(); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}

func TestKeys(t *testing.T) {
	for key, want := range map[string]string{
		"<Ctrl-C>": "\x03", "<Ctrl-D>": "\x04", "<Ctrl-]>": "\x1d", "<Ctrl-S>": "\x13", "<Ctrl-Q>": "\x11",
		"<Ctrl-z>": "\x1a", "<Enter>": "\r", "<Up>": "\x1b[A", "<Tab>": "\t",
	} {
		if got, err := keyBytes(key); err != nil || got != want {
			t.Errorf("%s sends %q (%v), want %q", key, got, err, want)
		}
	}
}
