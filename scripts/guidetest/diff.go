package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// edit is a change that the learner makes by hand in one file.
type edit struct {
	file  string
	line  int // of the opening fence
	hunks []hunk
}

// hunk is one place of an edit: lines before and after. Lines that begin with @@ part the hunks of an edit.
type hunk struct {
	line     int
	old, new []string
}

func parseEdit(file string, f fence) (*edit, error) {
	parsed := &edit{file: file, line: f.line}
	current := hunk{line: f.line + 1}
	for i, text := range f.body {
		line := f.line + 1 + i
		switch {
		case strings.HasPrefix(text, "@@"):
			parsed.hunks = append(parsed.hunks, current)
			current = hunk{line: line + 1}
		case text == "":
			current.old, current.new = append(current.old, ""), append(current.new, "")
		case text[0] == ' ':
			current.old, current.new = append(current.old, text[1:]), append(current.new, text[1:])
		case text[0] == '-':
			current.old = append(current.old, text[1:])
		case text[0] == '+':
			current.new = append(current.new, text[1:])
		default:
			return nil, &syntaxError{f.path, line, "a line of a diff begins with a blank, - or +"}
		}
	}
	parsed.hunks = append(parsed.hunks, current)
	if parsed.hunks[0].empty() && len(parsed.hunks) > 1 {
		parsed.hunks = parsed.hunks[1:]
	}
	for _, h := range parsed.hunks {
		if why := h.flaw(); why != "" {
			return nil, &syntaxError{f.path, f.line, why}
		}
	}
	return parsed, nil
}

func (h hunk) empty() bool { return len(h.old) == 0 && len(h.new) == 0 }

func (h hunk) flaw() string {
	if strings.Join(h.old, "\n") == strings.Join(h.new, "\n") {
		return "the diff changes nothing"
	}
	if strings.TrimSpace(strings.Join(h.old, "")) == "" {
		return "the diff has no line of the old file, so its place cannot be found"
	}
	return ""
}

// apply changes the file below root. The old side must occur exactly once, as whole lines: a learner who looks for
// the place must not have a choice either. The error tells the line of the page it belongs to.
func (e *edit) apply(root string) (line int, err error) {
	path := filepath.Join(root, filepath.FromSlash(e.file))
	info, err := os.Lstat(path)
	if err != nil {
		return e.line, fmt.Errorf("file=%s: %w", e.file, err.(*fs.PathError).Err)
	}
	if !info.Mode().IsRegular() {
		return e.line, fmt.Errorf("file=%s is not a regular file", e.file)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return e.line, err
	}
	lines := strings.Split(string(content), "\n")
	for _, h := range e.hunks {
		at, times := findLines(lines, h.old)
		if times != 1 {
			return h.line, fmt.Errorf("the old lines of the diff occur %d times in %s, not once", times, e.file)
		}
		lines = append(lines[:at:at], append(append([]string{}, h.new...), lines[at+len(h.old):]...)...)
	}
	return 0, os.WriteFile(path, []byte(strings.Join(lines, "\n")), info.Mode().Perm())
}

// findLines returns the first place of the wanted lines, and how many places there are.
func findLines(lines, wanted []string) (at, times int) {
	for start := 0; start+len(wanted) <= len(lines); start++ {
		if !equalLines(lines[start:start+len(wanted)], wanted) {
			continue
		}
		if times == 0 {
			at = start
		}
		times++
	}
	return at, times
}

func equalLines(lines, wanted []string) bool {
	for i := range wanted {
		if strings.TrimRight(lines[i], " \t\r") != strings.TrimRight(wanted[i], " \t\r") {
			return false
		}
	}
	return true
}
