package main

import (
	"io"
	"os"
	"strings"
)

// plainScreen writes to a file, a pipe, or a terminal on which nothing is
// edited: what has come of a line is written at once, and the rest behind it.
//
// A failing write shows nowhere: a reader that went away ends the program with
// SIGPIPE, and a terminal that did with SIGHUP.
type plainScreen struct {
	out     *os.File
	colours palette
	written int  // bytes of the unfinished line that are out
	inLine  bool // the cursor does not stand at the beginning of a line
}

func (p *plainScreen) finished(lines []string) {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(p.colours.paint(p.colours.server, line[p.written:]) + "\n")
		p.written = 0
	}
	p.inLine = false
	io.WriteString(p.out, b.String())
}

func (p *plainScreen) unfinished(text string) {
	if more := text[p.written:]; more != "" {
		io.WriteString(p.out, p.colours.paint(p.colours.server, more))
		p.inLine = true
	}
	p.written = len(text)
}

func (p *plainScreen) piece(text string) {
	p.unfinished(text)
	p.written = 0
}

func (p *plainScreen) block(text string) { io.WriteString(p.out, text) }

// endRow makes room for something else. A file gets nothing that the server
// has not sent.
func (p *plainScreen) endRow() {
	if p.inLine && isTerminal(p.out) {
		io.WriteString(p.out, "\n")
	}
	p.inLine = false
}
