package check

import (
	"fmt"
	"slices"
	"strings"

	"socketlab/kit/textline"
)

// In a room one hears what others say as well, strangers among them. So there
// the checks do not expect every byte, but ask what was among the lines.

// Until reads lines up to the line last, and returns all of them.
func (p *Peer) Until(last string) []string {
	var heard []string
	for {
		line, why := p.line()
		if why == "" && len(heard) == maxHeard {
			why = fmt.Sprintf("%s heard %d lines, and this one was not among them", p.Name, maxHeard)
		}
		if why != "" {
			p.failAfter(heard, why, last)
		}
		heard = append(heard, line)
		if line == last {
			return heard
		}
	}
}

// failAfter ends the check: the line last was awaited, and others were heard,
// of which the newest are shown.
func (p *Peer) failAfter(heard []string, why, last string) {
	if len(heard) > 0 {
		why += " but other lines"
		newest := heard[max(0, len(heard)-shownLines):]
		p.in = append([]byte(strings.Join(newest, "\n")+"\n"), p.in...)
	}
	shown, _ := textline.Excerpt(last+"\n", 0)
	p.failWith(why, "the line "+shown)
}

// shownLines are how many of the lines are shown that came instead.
const shownLines = 2

// UntilBegin reads lines up to the first that begins with kind, "! " for
// instance. That one must begin with begin.
func (p *Peer) UntilBegin(kind, begin string) {
	shown, _ := textline.Excerpt(begin, 0)
	for range maxHeard {
		line := p.Line("a line that begins with " + shown)
		if strings.HasPrefix(line, begin) {
			return
		}
		if strings.HasPrefix(line, kind) {
			p.in = append([]byte(line+"\n"), p.in...)
			p.failAt(p.Name+" heard another line than it should", begin, samePrefix(line, begin))
		}
	}
	p.failWith(fmt.Sprintf("%s heard %d lines, and none of them was it", p.Name, maxHeard), "a line that begins with "+shown)
}

// maxHeard is how many lines are read while waiting for one.
const maxHeard = 10000

// MustHave ends the check if line is not among the lines that were heard.
func (p *Peer) MustHave(heard []string, line string) {
	if !slices.Contains(heard, line) {
		p.in = []byte(strings.Join(heard, "\n") + "\n")
		shown, _ := textline.Excerpt(line+"\n", 0)
		p.failWith(p.Name+" did not hear a line", "among others the line "+shown)
	}
}

// MustNotHave ends the check if one of the lines contains part.
func (p *Peer) MustNotHave(heard []string, part string) {
	for _, line := range heard {
		if strings.Contains(line, part) {
			p.in = []byte(line + "\n")
			p.failWith(p.Name+" heard a line that is not meant for it", "no line with "+part)
		}
	}
}
