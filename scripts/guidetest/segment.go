package main

import "strings"

type inputKind int

const (
	noInput      inputKind = iota // the shell has just started
	commandInput                  // a line typed to the shell
	textInput                     // a line typed to a program
	keyInput                      // a key typed to a program
	editInput                     // a key that changes the line which is being typed, in the shell or in a program
)

// segment is where the output since the last input begins: right behind what had been seen when the input was sent.
// What came between that look and the input is a part of it, so that nothing can slip through.
type segment struct {
	place
	kind   inputKind
	typed  string // the line, or the name of the key
	edited bool   // keys have changed the line, so that its echo is not what was typed
	// keys are the echoes of the keys just before, `^C`: a program that lives on leaves them at the front of the line.
	keys string
}

// place is how far a terminal has been seen.
type place struct {
	marks  int      // how many marks there were
	origin position // where the cursor was
}

func placeOf(s *screen) place { return place{marks: len(s.marks), origin: s.at} }

// reading is what a terminal shows of a segment at one moment.
type reading struct {
	lines  []string // the output: without the echo of the input, without the prompt
	echoed bool     // the echo has come, or there is none to wait for
	prompt bool     // the shell is back and reads
	more   bool     // the shell wants another line of the same command
}

// after starts the segment of the next input. A line that is being edited is still where it was before the key.
func (g segment) after(seen place, kind inputKind, typed string) segment {
	next := segment{place: seen, kind: kind, typed: typed}
	if g.kind == editInput && (kind == editInput || kind == textInput) {
		next.origin, next.edited = g.origin, true
	}
	if g.kind == keyInput {
		next.keys = g.keys + caret(g.typed)
	}
	return next
}

// read finds the segment's output on the screen.
func (g segment) read(s *screen) reading {
	last := byte(0)
	if len(s.marks) > 0 {
		last = s.marks[len(s.marks)-1].kind
	}
	r := reading{echoed: true, prompt: last == readyMark, more: last == continuationMark}
	from, marks := g.origin, s.marks[g.marks:]
	switch g.kind {
	case noInput, editInput:
		return r
	case commandInput:
		from, marks, r.echoed = g.afterCommand(s, marks)
		if !r.echoed {
			return reading{}
		}
		r.lines = stray(s, g.origin, from)
		if r.more {
			return r
		}
	}
	to := s.end()
	if i := find(marks, promptMark); i >= 0 {
		to = marks[i].at
	}
	lines, open := s.lines(from, to)
	if g.endsOldLine(lines) {
		lines = lines[1:]
	}
	if last := len(lines) - 1; open && lines[last] == inputPrompt {
		lines, open = lines[:last], false
	}
	r.lines = append(r.lines, lines...)
	r.removeEcho(g, open)
	if r.prompt {
		late, _ := s.lines(s.marks[len(s.marks)-1].at, s.end())
		r.lines = append(r.lines, late...)
	}
	return r
}

// afterCommand finds where the shell's echo of a command ends. A command that cannot be parsed has no commandMark;
// then the next prompt tells that its line has been read.
func (g segment) afterCommand(s *screen, marks []mark) (position, []mark, bool) {
	i := find(marks, commandMark, continuationMark, promptMark)
	if i < 0 {
		return position{}, nil, false
	}
	if marks[i].kind == promptMark {
		return s.lineAfter(g.origin), marks, true
	}
	return marks[i].at, marks[i:], true
}

// stray returns the lines that came at the prompt before the echo of a command, which ends where the output begins.
// A shell's background jobs write there.
func stray(s *screen, prompt, output position) []string {
	lines, _ := s.lines(prompt, output)
	return lines[:max(0, len(lines)-1)]
}

// endsOldLine says whether the first line is only the end of one that had been seen before it had an end.
func (g segment) endsOldLine(lines []string) bool {
	return g.kind != commandInput && g.origin.col > 0 && len(lines) > 0 && lines[0] == "" && g.typed != ""
}

// removeEcho takes the echo of what was typed out of the lines. Lines may stand above it: they came between the last
// look and the key.
func (r *reading) removeEcho(g segment, open bool) {
	switch g.kind {
	case textInput:
		r.echoed = false
		for i, line := range r.lines {
			if open && i == len(r.lines)-1 {
				return
			}
			if isEcho(line, g) {
				r.lines = append(r.lines[:i:i], r.lines[i+1:]...)
				r.echoed = true
				return
			}
		}
	case keyInput:
		for i, line := range r.lines {
			if before, after, found := strings.Cut(line, caret(g.typed)); found && caret(g.typed) != "" {
				r.replace(i, strings.TrimRight(before+after, " "))
				return
			}
		}
	}
}

// inputPrompt is the prompt of a program that asks for input as a page writes input: the page's `> hello` is what such
// a screen shows. So where it stands and waits, nothing has come that the page would have to show.
const inputPrompt = ">"

// isEcho compares the whole line: an answer may well end in the same word.
func isEcho(line string, g segment) bool {
	line = strings.TrimPrefix(line, g.keys)
	return g.edited || line == plainLine(g.typed) || line == inputPrompt+" "+plainLine(g.typed)
}

// replace puts what is left of a line in its place, or removes the line where nothing is left.
func (r *reading) replace(i int, rest string) {
	if rest == "" {
		r.lines = append(r.lines[:i:i], r.lines[i+1:]...)
		return
	}
	r.lines[i] = rest
}

// find returns the index of the first mark of one of the kinds, or -1.
func find(marks []mark, kinds ...byte) int {
	for i, m := range marks {
		if strings.IndexByte(string(kinds), m.kind) >= 0 {
			return i
		}
	}
	return -1
}
