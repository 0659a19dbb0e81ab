package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"socketlab/kit/textline"
)

const hello = "Hello from the client!"

// converse is the client of the original guide: it says hello, prints all that
// comes, and leaves on QUIT.
func converse(d *dialogue, out io.Writer) error {
	d.startClock()
	if err := d.say(hello); err != nil {
		return fmt.Errorf("could not say hello: %s", d.inWords(err))
	}
	for line := ""; line != quit; {
		var err error
		if line, err = d.hear(isAnswered); err != nil {
			return fmt.Errorf("the server has not said QUIT: %s", d.inWords(err))
		}
		fmt.Fprintln(out, textline.Printable(line))
	}

	d.leave()
	d.startClock()
	for {
		line, err := d.hear(isAnswered)
		switch {
		case err == nil:
			fmt.Fprintln(out, textline.Printable(line))
		case isGone(err):
			return nil
		default:
			return fmt.Errorf("left, but the server does not close the connection: %s", d.inWords(err))
		}
	}
}

// isAnswered reports whether QUIT may follow what is before it on its line:
// nothing, or the answer to hello, whose end a server may have dropped.
func isAnswered(before []byte) bool {
	return len(before) == 0 || bytes.HasSuffix(before, []byte(strings.ToUpper(hello)))
}
