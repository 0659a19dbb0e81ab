package main

import (
	"fmt"
	"io"

	"socketlab/kit/textline"
)

// play holds the conversation of the talk and leaves. It prints the
// conversation as it goes, and its error, the first thing that went otherwise,
// names the line of the talk.
func (t *talk) play(d *dialogue, out io.Writer) error {
	for i, step := range t.steps {
		d.startClock()
		if !step.says {
			if err := t.expect(i, d, out); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(out, "> %s\n", textline.Printable(step.text))
		if err := d.say(step.text); err != nil {
			return fmt.Errorf("%s: could not say this: %s", t.at(i), d.inWords(err))
		}
	}
	return t.end(d, out)
}

// expect hears one line and compares it with step i.
func (t *talk) expect(i int, d *dialogue, out io.Writer) error {
	want := t.steps[i].text
	got, err := d.hear(func(before []byte) bool { return t.quitDue(i, before) })
	if err != nil {
		return fmt.Errorf("%s: expected %q: %s", t.at(i), want, d.inWords(err))
	}
	fmt.Fprintf(out, "< %s\n", textline.Printable(got))
	if matches(want, got) {
		return nil
	}
	fmt.Fprintf(out, "%s: the server said something else\n", t.at(i))
	showMismatch(out, want, got)
	return fmt.Errorf("%s: expected %q, got %.80q", t.at(i), want, got)
}

// quitDue reports, while the line of step i is awaited, whether a QUIT behind
// before is the word, and not part of a text: before must be all that is
// expected in front of it. It is what tells the QUIT of the raw wire from the
// one in MOSQUITO.
func (t *talk) quitDue(i int, before []byte) bool {
	if len(before) == 0 {
		return t.steps[i].text == quit
	}
	isNext := i+1 < len(t.steps) && !t.steps[i+1].says && t.steps[i+1].text == quit
	return isNext && matches(t.steps[i].text, string(textline.ValidUTF8(before)))
}

// end leaves. A server that has more to say than the talk expects has said
// something wrong, too.
func (t *talk) end(d *dialogue, out io.Writer) error {
	d.leave()
	d.startClock()
	got, err := d.hear(func([]byte) bool { return false })
	switch {
	case err == nil:
		fmt.Fprintf(out, "< %s\n", textline.Printable(got))
		return fmt.Errorf("%s: the talk is over, but the server says %.80q", t.name, got)
	case isGone(err) && len(d.server.line) == 0:
		return nil
	}
	return fmt.Errorf("%s: the talk is over, but the server does not close in peace: %s", t.name, d.inWords(err))
}
