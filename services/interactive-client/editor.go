package main

import (
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/term"
)

const (
	prompt = "> "
	// shownOfUnfinished is how many characters of an unfinished line stand
	// in front of the prompt; of a longer one its end.
	shownOfUnfinished = 30
	// wipe clears the row of the prompt and all below. term.Terminal does
	// that as well, but takes each character for one column wide, and so
	// leaves a part of the prompt behind letters that take two.
	wipe = "\r\x1b[J"
)

// editor is a terminal on which a line is typed while others come in. These
// appear above the prompt, and what was typed of the line stays.
//
// What has come of a line that is not finished stands in front of the prompt,
// `Name: > `, at once: there it is seen, and gives way when the rest of it
// comes. It stays where it is when Enter finishes the row.
//
// It is a screen for the view, and the input of the session.
type editor struct {
	tty     *os.File
	before  *term.State // of the tty, to be restored
	once    sync.Once   // restores
	keys    keyboard
	eol     string
	colours palette

	// mu guards all below, and makes one step of each key and of each
	// change of the prompt: the Terminal's own lock is free between
	// SetPrompt and the Write that shows it.
	mu       sync.Mutex
	terminal *term.Terminal
	came     int // bytes of the unfinished line
	written  int // of which so many stand above the prompt for good
}

// openEditor takes the terminal over. The caller must call close, whatever
// happens, or the person is left with a terminal that echoes nothing.
func openEditor(in, out *os.File, eol string, c palette) (*editor, error) {
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, err
	}
	e := &editor{tty: in, before: before, eol: eol, colours: c}
	e.keys = keyboard{tty: in, typed: make(chan []byte, typeAhead), editing: &e.mu}
	e.terminal = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{&e.keys, whileOpen{out, &e.keys.off}}, prompt)
	e.fit()
	return e, nil
}

// fit tells the editor the size of the window.
func (e *editor) fit() {
	width, height, err := term.GetSize(int(e.tty.Fd()))
	if err != nil || width <= 0 || height <= 0 {
		return // not known yet, as in a container that has just started
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.terminal.SetSize(width, height) // its error is the terminal's end, which the keyboard finds
}

// next returns the next line typed, with its end, or io.EOF at Ctrl-D.
func (e *editor) next() ([]byte, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	typed, err := e.terminal.ReadLine() // lets go of mu while it waits for a key
	if err != nil && !errors.Is(err, term.ErrPasteIndicator) {
		return nil, err
	}
	e.written = e.came
	e.terminal.SetPrompt(prompt)
	return []byte(typed + e.eol), nil
}

func (e *editor) finished(lines []string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(e.colours.paint(e.colours.server, line[e.written:]) + "\n")
		e.written = 0
	}
	e.came = 0
	e.above(prompt, b.String())
}

func (e *editor) unfinished(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.came = len(text)
	e.above(lastOf(text[e.written:])+prompt, "")
}

// piece ends the row where the server has ended none: there is no other way to
// keep it above the prompt. The sign … says that the line goes on.
func (e *editor) piece(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	text = e.colours.paint(e.colours.server, text[e.written:]+"…")
	e.came, e.written = 0, 0
	e.above(prompt, text+"\n")
}

func (e *editor) block(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.above(prompt, text)
}

// above writes text, lines with their ends, above a new prompt. e.mu is held.
func (e *editor) above(newPrompt, text string) {
	e.terminal.SetPrompt(newPrompt)
	io.WriteString(e.terminal, wipe+text)
}

// retreat takes the unfinished line away from the prompt, for another screen
// to show it. It returns how much of it stands above the prompt for good.
func (e *editor) retreat() (written int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.above(prompt, "")
	return e.written
}

// close gives the terminal back as it was, and the cursor a row of its own. It
// takes no lock and waits for nobody, as a signal must end the program also
// when the terminal takes no more output.
func (e *editor) close() {
	e.once.Do(func() {
		e.keys.off.Store(true)
		term.Restore(int(e.tty.Fd()), e.before) // fails when the terminal is gone; then nobody misses it
		done := make(chan struct{})
		go func() {
			io.WriteString(e.tty, "\r\n\x1b[J")
			close(done)
		}()
		select {
		case <-done:
		case <-time.After(200 * time.Millisecond):
		}
	})
}

// whileOpen writes to a terminal until it is given back. A prompt drawn later
// would be on the screen of the shell.
type whileOpen struct {
	out    io.Writer
	closed *atomic.Bool
}

func (w whileOpen) Write(p []byte) (int, error) {
	if w.closed.Load() {
		return len(p), nil
	}
	return w.out.Write(p)
}

// lastOf cuts text to its last characters.
func lastOf(text string) string {
	runes := []rune(text)
	if len(runes) <= shownOfUnfinished {
		return text
	}
	return "…" + string(runes[len(runes)-shownOfUnfinished:])
}
