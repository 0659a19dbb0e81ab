package main

import (
	"sync"

	"socketlab/kit/textline"
)

// A view decides what of the stream is shown. Its methods may be called by
// several goroutines.
type view interface {
	// received and sent take a chunk as it came from, or goes to, the
	// network. They do not keep it.
	received(chunk []byte)
	sent(chunk []byte)
	// ended is called once the last chunk was received. It reports whether
	// the last line has no end.
	ended() (inMidLine bool)
	// moveTo calls change while nothing is being shown. What comes next is
	// shown on the screen that change returns.
	moveTo(change func() screen)
}

// A screen is where a view shows it. Its methods are called by one goroutine
// at a time. All text is printable.
type screen interface {
	// finished shows lines of the server.
	finished(lines []string)
	// unfinished shows what has come of the next line. It is called with
	// more and more of it, and then finished or piece with all of it.
	unfinished(text string)
	// piece shows a part of a line that is too long to wait for its end.
	piece(text string)
	// block shows text of several lines, with their ends, as it is.
	block(text string)
}

// textView shows the server's text, line by line.
type textView struct {
	mu     sync.Mutex // guards all below
	screen screen
	lines  lines
}

func (v *textView) received(chunk []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	var finished []string
	for _, line := range v.lines.add(chunk) {
		finished = append(finished, textline.Printable(line.text))
	}
	if len(finished) > 0 {
		v.screen.finished(finished)
	}
	if piece, tooLong := v.lines.takeLong(); tooLong {
		v.screen.piece(textline.Printable(piece))
	}
	v.showUnfinished()
}

// showUnfinished hands over all of the line each time: an escape sequence may
// be cut anywhere, and only the whole of it can be taken out. v.mu is held.
func (v *textView) showUnfinished() {
	if rest := v.lines.soFar(); rest.text != "" {
		v.screen.unfinished(textline.Printable(rest.text))
	}
}

// sent shows nothing: who has typed it has seen it.
func (v *textView) sent([]byte) {}

func (v *textView) ended() (inMidLine bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	rest := v.lines.end()
	v.showUnfinished()
	return rest.text != "" || !rest.whole
}

func (v *textView) moveTo(change func() screen) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.screen = change()
	v.showUnfinished()
}
