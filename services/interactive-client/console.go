package main

import (
	"fmt"
	"os"

	"golang.org/x/term"
)

// console is the person's side: the keyboard, the screen, and where we say
// what is not the server's. Each may be a terminal, a file or a pipe.
type console struct {
	in, out, notes *os.File
	colour         bool // wanted, on those that are terminals
}

// canEdit reports whether lines can be edited: that takes a terminal on both
// sides.
func (c console) canEdit() bool { return isTerminal(c.in) && isTerminal(c.out) }

// coloursOf returns the colours for one of the files.
func (c console) coloursOf(file *os.File) palette { return colours(c.colour && isTerminal(file)) }

// note tells the person something that the server has not said.
func (c console) note(format string, args ...any) {
	p := c.coloursOf(c.notes)
	end := "\n"
	if isTerminal(c.notes) {
		end = "\r\n" // one that the editor has taken over adds no CR by itself
	}
	fmt.Fprint(c.notes, p.paint(p.note, "-- "+fmt.Sprintf(format, args...))+end)
}

func isTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }
