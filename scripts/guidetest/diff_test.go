package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEdit(t *testing.T) {
	for _, test := range []struct {
		name, diff, after string
		wrong             string
		line              int
	}{
		{name: "change", diff: " two\n-three\n+3", after: "one\ntwo\n3\n\nfour\ntwo\n"},
		{name: "insert", diff: " one\n+one and a half", after: "one\none and a half\ntwo\nthree\n\nfour\ntwo\n"},
		{name: "remove", diff: " three\n\n-four", after: "one\ntwo\nthree\n\ntwo\n"},
		{name: "two places", diff: "@@\n-one\n+1\n@@ further down @@\n-four\n+4", after: "1\ntwo\nthree\n\n4\ntwo\n"},
		{name: "absent", diff: " five\n+six", wrong: "occur 0 times in f.txt", line: 2},
		{name: "not unique", diff: "-two\n+2", wrong: "occur 2 times in f.txt", line: 2},
		{name: "second place absent", diff: "-one\n+1\n@@\n-five\n+5", wrong: "occur 0 times", line: 5},
		{name: "part of a line", diff: "-thre\n+3", wrong: "occur 0 times", line: 2},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "f.txt")
		if err := os.WriteFile(path, []byte("one\ntwo\nthree\n\nfour\ntwo\n"), 0o640); err != nil {
			t.Fatal(err)
		}
		parsed, err := parseEdit("f.txt", fence{path: "p.md", line: 1, body: strings.Split(test.diff, "\n")})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		line, err := parsed.apply(dir)
		if test.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), test.wrong) || line != test.line {
				t.Errorf("%s: got line %d, %v; want line %d, %s", test.name, line, err, test.line, test.wrong)
			}
			continue
		}
		got, _ := os.ReadFile(path)
		if err != nil || string(got) != test.after {
			t.Errorf("%s: got %q, %v", test.name, got, err)
		}
	}
}

func TestEditStaysInItsTree(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("/etc/hosts", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	e := &edit{file: "link", line: 3}
	if line, err := e.apply(dir); err == nil || line != 3 || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("got line %d, %v", line, err)
	}
}
