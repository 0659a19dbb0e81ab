package main

import (
	"errors"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// maxSkipped bounds how much of the guide nobody checks.
const maxSkipped = 3

// TestRealGuide checks without Docker what can be checked without it: every page follows the rules for blocks, every
// edit fits the tree, few blocks are skipped.
func TestRealGuide(t *testing.T) {
	root, err := toplevel(t.Context(), ".")
	if err != nil {
		t.Skip("not in a checkout: ", err)
	}
	pages, err := filepath.Glob(filepath.Join(root, "lab-guide", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Skip("the guide has no pages: ", errors.Join(err, fs.ErrNotExist))
	}
	lessons, err := findLessons(root, nil)
	if err != nil {
		t.Fatal(err)
	}
	skipped := 0
	for _, l := range lessons {
		if len(l.blocks) != l.fences || l.mustRun() && l.fences == 0 {
			t.Errorf("%s has %d blocks, of which %d were understood", l.path, l.fences, len(l.blocks))
		}
		skipped += checkEdits(t, root, l)
	}
	if skipped > maxSkipped {
		t.Errorf("%d blocks are skipped, at most %d may be", skipped, maxSkipped)
	}
}

// checkEdits applies the edits of a lesson to a copy of the tree and returns how many of its blocks are skipped.
func checkEdits(t *testing.T, root string, l lesson) (skipped int) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), labName)
	if err := copyTree(t.Context(), root, dir); err != nil {
		t.Fatal(err)
	}
	for _, b := range l.blocks {
		if b.skip != "" {
			skipped++
		}
		if b.edit == nil {
			copyAsShown(t, dir, b)
			continue
		}
		if line, err := b.edit.apply(dir); err != nil {
			t.Errorf("%s:%d: %v", l.path, line, err)
		}
	}
	return skipped
}

// copyAsShown does the `cp` of a block, because edits may follow of what it has copied.
func copyAsShown(t *testing.T, dir string, b block) {
	t.Helper()
	for _, s := range b.steps {
		words := strings.Fields(s.text)
		if s.kind != stepCommand || words[0] != "cp" {
			continue
		}
		command := exec.Command(words[0], words[1:]...)
		command.Dir = dir
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("line %d: %s: %v: %s", s.line, s.text, err, out)
		}
	}
}
