package main

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// failure says where a page and its terminals differ.
type failure struct {
	path    string // of the page; the one who plays the lesson fills it in
	line    int
	what    string
	detail  string   // expected, came, waited for: lines, indented
	screens []string // the terminals of the lesson as they were, filled in as path is
}

func (f *failure) Error() string {
	text := fmt.Sprintf("%s:%d: %s\n%s", f.path, f.line, f.what, f.detail)
	return text + strings.Join(f.screens, "")
}

// maxListed bounds how many lines of output a report repeats.
const maxListed = 12

// failure words what a wait saw at its end.
func (s *session) failure(v view, g goal, line int, waited, limit time.Duration) *failure {
	f := &failure{line: line}
	var detail strings.Builder
	switch {
	case v.full:
		f.what = fmt.Sprintf("the terminal has written more than %d cells in this lesson", screenLimit)
	case !v.echoed:
		f.line, f.what = s.line, s.noEcho(v)
		list(&detail, "came:    ", v.lines)
	case !v.ok:
		f.line, f.what = s.mismatch(v, &detail)
	default:
		f.what = s.goalMissed(v, g)
	}
	f.what = "terminal " + s.term.name + ": " + f.what
	if g != atOnce {
		fmt.Fprintf(&detail, "  waited %s for %s (limit %s)\n", round(waited), g, limit)
	}
	fmt.Fprintf(&detail, "  last bytes: %s\n", visible(tail(v.raw, 200)))
	f.detail = detail.String()
	return f
}

func (g goal) String() string {
	switch g {
	case untilPrompt:
		return "these lines and the shell's prompt"
	case untilProgram:
		return "these lines and a program that reads"
	case untilSettled:
		return "these lines and the end of the program"
	}
	return "these lines"
}

func (s *session) goalMissed(v view, g goal) string {
	switch {
	case v.ended:
		return "the shell has ended, nothing can be typed here any more"
	case g == untilProgram && v.prompt:
		return "no program runs here that could read this line: the shell's prompt is back"
	case g == untilProgram:
		return fmt.Sprintf("%q has not taken the terminal over", s.command)
	}
	return fmt.Sprintf("the prompt has not come back after line %d; what runs there has to be ended first, "+
		"by <Ctrl-C> for example", s.line)
}

func (s *session) noEcho(v view) string {
	if s.segment.kind == noInput {
		return "the shell has not shown its first prompt"
	}
	why := "is its echo off, or does the program read something else than its terminal?"
	if v.prompt || v.ended {
		why = "the program has ended"
	}
	return fmt.Sprintf("what was typed, %q, was not echoed: %s", s.segment.typed, why)
}

// mismatch describes the first difference and says to which line of the page it belongs.
func (s *session) mismatch(v view, detail *strings.Builder) (line int, what string) {
	rest := v.lines[min(v.line, len(v.lines)):]
	if v.want == len(s.wants) {
		line = s.line
		if v.want > 0 {
			line = s.wants[v.want-1].line
		}
		list(detail, "came:    ", rest)
		return line, "output that the page does not show, after this line"
	}
	wanted := s.wants[v.want]
	fmt.Fprintf(detail, "  expected: %s\n", visible(wanted.text))
	if len(rest) == 0 {
		detail.WriteString("  came:     nothing more\n")
		return wanted.line, "this line has not come" + s.echoHint(v)
	}
	first := 0
	if v.want > 0 && s.wants[v.want-1].kind == wantAny {
		first = closest(wanted.text, rest)
	}
	_, same := fits(wanted.text, rest[first])
	fmt.Fprintf(detail, "  came:     %s\n", visible(rest[first]))
	fmt.Fprintf(detail, "            %s^\n", blanks(visible(rest[first][:same])))
	if len(rest) > first+1 {
		list(detail, "and then:", rest[first+1:])
	}
	return wanted.line, "this line is not what came"
}

// echoHint warns of the one case in which an answer can be taken for an echo.
func (s *session) echoHint(v view) string {
	if echo, err := echoes(s.term.master); err != nil || echo || v.prompt || s.segment.kind != textInput {
		return ""
	}
	return fmt.Sprintf(" (the terminal's own echo is off: the first %q was taken for the program's echo)", s.segment.typed)
}

// closest returns the index of the line that agrees longest with a text that may stand anywhere.
func closest(text string, lines []string) int {
	best, longest := 0, -1
	for i, line := range lines {
		if _, same := fits(text, line); same > longest {
			best, longest = i, same
		}
	}
	return best
}

func list(detail *strings.Builder, title string, lines []string) {
	for i, line := range lines {
		if i == maxListed {
			fmt.Fprintf(detail, "            (and %d lines more)\n", len(lines)-i)
			return
		}
		fmt.Fprintf(detail, "  %-9s %s\n", title, visible(line))
		title = ""
	}
}

// visible shows what cannot be seen: control characters, blanks at the end, and characters that look like others.
func visible(text string) string {
	var out strings.Builder
	body := strings.TrimRight(text, " ")
	for _, char := range body {
		switch {
		case char == '\n':
			out.WriteString(`\n`)
		case char == '\r':
			out.WriteString(`\r`)
		case char < ' ' || char == 0x7f:
			fmt.Fprintf(&out, `\x%02x`, char)
		case char == unicode.ReplacementChar || !unicode.IsPrint(char):
			fmt.Fprintf(&out, `\u%04x`, char)
		default:
			out.WriteRune(char)
		}
	}
	return out.String() + strings.Repeat("·", len(text)-len(body))
}

func blanks(text string) string { return strings.Repeat(" ", len([]rune(text))) }

// tail returns the last n bytes, from the start of a character.
func tail(text string, n int) string {
	text = text[max(0, len(text)-n):]
	return strings.ToValidUTF8(text, "\uFFFD")
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Millisecond) }

// drawScreens shows every terminal of a lesson, as a person would see it.
func drawScreens(sessions []*session) []string {
	var drawn []string
	for _, s := range sessions {
		var rows []string
		s.term.look(func(screen *screen, _ []byte, _ bool) { rows = screen.visible() })
		text := fmt.Sprintf("  screen of terminal %s:\n", s.term.name)
		for _, row := range rows {
			text += "  | " + row + "\n"
		}
		drawn = append(drawn, text)
	}
	return drawn
}
