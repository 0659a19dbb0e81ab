package main

import (
	"path/filepath"
	"strings"
)

// block is one runnable fence: a piece of a session in one terminal, or an edit of one file.
type block struct {
	line     int    // of the opening fence
	terminal string // empty for an edit
	skip     string // why it is not run; empty: it is run
	port     string // of this computer, in what is typed; empty: none
	steps    []step
	end      int   // line of the last step, for what is wrong with the end of the block
	edit     *edit // nil for a session
}

type stepKind int

const (
	stepCommand stepKind = iota // typed into the shell
	stepText                    // typed into the program that the shell runs
	stepKey                     // one key, without Enter
	stepOutput                  // what appears
)

// step is one line of a session.
type step struct {
	kind stepKind
	text string // as the page has it, without "$ " or "> "
	line int
}

// parseBlock reads one fence. Fences which are there to be read only (text, go, a diff without file=) come back with
// runnable false. The error is a *syntaxError.
func parseBlock(f fence) (parsed block, runnable bool, err error) {
	fail := func(line int, why string) (block, bool, error) {
		return block{}, true, &syntaxError{path: f.path, line: line, why: why}
	}
	if !isRunnable(f.info) {
		return block{}, false, nil
	}
	language, pairs, err := splitInfo(f.info)
	if err != nil {
		return fail(f.line, err.Error())
	}
	if language == "diff" {
		parsed, err = editBlock(f, pairs)
	} else {
		parsed, err = sessionBlock(f, pairs)
	}
	return parsed, true, err
}

func editBlock(f fence, pairs attributes) (block, error) {
	if err := pairs.only("file"); err != nil {
		return block{}, &syntaxError{f.path, f.line, err.Error()}
	}
	file := pairs["file"]
	if !filepath.IsLocal(file) {
		return block{}, &syntaxError{f.path, f.line, "file=" + file + " does not lie inside the tree"}
	}
	parsed, err := parseEdit(file, f)
	return block{line: f.line, end: f.line + len(f.body), edit: parsed}, err
}

func sessionBlock(f fence, pairs attributes) (block, error) {
	if err := pairs.only("terminal", "skip", "port"); err != nil {
		return block{}, &syntaxError{f.path, f.line, err.Error()}
	}
	name, err := pairs.terminal()
	if err != nil {
		return block{}, &syntaxError{f.path, f.line, err.Error()}
	}
	port, err := pairs.port()
	if err != nil {
		return block{}, &syntaxError{f.path, f.line, err.Error()}
	}
	parsed := block{line: f.line, end: f.line, terminal: name, skip: pairs["skip"], port: port}
	for i, text := range f.body {
		next, err := parseStep(text)
		if err != nil {
			return block{}, &syntaxError{f.path, f.line + 1 + i, err.Error()}
		}
		next.line = f.line + 1 + i
		parsed.steps = append(parsed.steps, next)
	}
	parsed.steps = trimBlank(parsed.steps)
	if len(parsed.steps) == 0 {
		return block{}, &syntaxError{f.path, f.line, "the block is empty"}
	}
	parsed.end = parsed.steps[len(parsed.steps)-1].line
	return parsed, nil
}

// parseStep reads a line of a session. An answer that begins with "$ " or "> " can be shown as "…$ " or "…> ".
func parseStep(line string) (step, error) {
	if command, ok := strings.CutPrefix(line, "$ "); ok && strings.TrimSpace(command) != "" {
		return step{kind: stepCommand, text: command}, nil
	}
	if line == ">" {
		return step{kind: stepText}, nil
	}
	typed, ok := strings.CutPrefix(line, "> ")
	if !ok {
		return step{kind: stepOutput, text: plainLine(line)}, nil
	}
	if !looksLikeKey(typed) {
		return step{kind: stepText, text: typed}, nil
	}
	if strings.TrimSpace(typed) == "<Enter>" {
		return step{kind: stepText}, nil
	}
	if _, err := keyBytes(typed); err != nil {
		return step{}, err
	}
	return step{kind: stepKey, text: strings.TrimSpace(typed)}, nil
}

func trimBlank(steps []step) []step {
	blank := func(s step) bool { return s.kind == stepOutput && s.text == "" }
	for len(steps) > 0 && blank(steps[0]) {
		steps = steps[1:]
	}
	for len(steps) > 0 && blank(steps[len(steps)-1]) {
		steps = steps[:len(steps)-1]
	}
	return steps
}

// plainLine brings a line of the page into the form in which a screen holds it: tabs are blanks up to the next
// multiple of eight, and blanks at the end cannot be seen.
func plainLine(line string) string {
	var out []rune
	for _, char := range line {
		if char != '\t' {
			out = append(out, char)
			continue
		}
		for ok := true; ok; ok = len(out)%tabStop != 0 {
			out = append(out, ' ')
		}
	}
	return strings.TrimRight(string(out), " ")
}
