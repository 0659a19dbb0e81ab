package main

import (
	"fmt"
	"io"
	"strings"

	"socketlab/kit/textline"
)

// showMismatch prints what was expected, what came, and a caret below the
// first difference. Both are quoted: so a blank at the end can be seen, and no
// control character of a stranger gets to the terminal.
func showMismatch(out io.Writer, want, got string) {
	at := difference(want, got)
	shownWant, _ := textline.Excerpt(want, at)
	shownGot, column := textline.Excerpt(got, at)
	fmt.Fprintf(out, "  expected %s\n  got      %s\n           %s^\n", shownWant, shownGot, strings.Repeat(" ", column))
}
