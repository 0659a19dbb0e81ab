package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// A talk is a conversation written down in a file:
//
//	# a comment
//	> a line that the client says
//	< a line that it expects to hear, where … stands for anything
//
// Empty lines are for the eye. See lab-guide/talks.
type talk struct {
	name  string // of the file, without its folder
	steps []step
}

// A step is one line of a talk.
type step struct {
	row  int // in the file, from 1
	says bool
	text string
}

// readTalk reads the talk in the file at path.
func readTalk(path string) (*talk, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no script %s", path)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the script: %w", err)
	}
	return parseTalk(filepath.Base(path), string(text))
}

// parseTalk reads a talk. Its error names the file and the line. CR LF and a
// byte order mark, which editors on Windows write, are taken.
func parseTalk(name, text string) (*talk, error) {
	t := &talk{name: name}
	text = strings.TrimPrefix(text, "\uFEFF")
	row := 0
	for line := range strings.Lines(text) {
		row++
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		if !utf8.ValidString(line) {
			return nil, fmt.Errorf("%s:%d: this is not UTF-8", name, row)
		}
		if strings.TrimSpace(line) == "" || line[0] == '#' {
			continue
		}
		switch sign, text, _ := strings.Cut(line, " "); {
		case sign == ">", sign == "<":
			t.steps = append(t.steps, step{row: row, says: sign == ">", text: text})
		case line[0] == '>', line[0] == '<':
			return nil, fmt.Errorf("%s:%d: there must be a blank behind %q", name, row, line[:1])
		default:
			return nil, fmt.Errorf(`%s:%d: a line begins with "> " (say), "< " (expect) or "# " (comment), this one with %.12q`, name, row, line)
		}
	}
	if len(t.steps) == 0 {
		return nil, fmt.Errorf("%s:%d: nothing is said or expected here", name, max(row, 1))
	}
	return t, nil
}

// at names a step as compilers name a line.
func (t *talk) at(i int) string { return fmt.Sprintf("%s:%d", t.name, t.steps[i].row) }
