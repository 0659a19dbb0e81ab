package main

import (
	"os"
	"slices"
	"testing"
	"time"
)

const (
	markPrompt  = "\x1b]133;A\x07$ \x1b]133;B\x07"
	markCommand = "\x1b]133;C\x07"
)

func TestReading(t *testing.T) {
	for _, test := range []struct {
		name   string
		before string // on the screen when the input is sent
		kind   inputKind
		typed  string
		came   string
		want   []string
		echoed bool
		prompt bool
	}{
		{name: "command", before: markPrompt, kind: commandInput, typed: "ls", came: "ls\r\n" + markCommand + "a\r\n" + markPrompt,
			want: []string{"a"}, echoed: true, prompt: true},
		{name: "command not echoed yet", before: markPrompt, kind: commandInput, typed: "ls", came: "l"},
		{name: "a job writes at the prompt", before: markPrompt, kind: commandInput, typed: "ls",
			came: "late\r\nls\r\n" + markCommand + "a\r\n" + markPrompt, want: []string{"late", "a"}, echoed: true, prompt: true},
		{name: "a job writes behind the prompt", before: markPrompt, kind: commandInput, typed: "ls",
			came: "ls\r\n" + markCommand + markPrompt + "late\r\n", want: []string{"late"}, echoed: true, prompt: true},
		{name: "text", before: "a\r\n", kind: textInput, typed: "hi", came: "hi\r\nhi\r\n", want: []string{"hi"}, echoed: true},
		{name: "text behind a prompt", before: "name? ", kind: textInput, typed: "hi", came: "hi\r\nok\r\n", want: []string{"ok"}, echoed: true},
		{name: "text behind a prompt >", before: "> ", kind: textInput, typed: "hi", came: "hi\r\nok\r\n> ", want: []string{"ok"}, echoed: true},
		{name: "text before the prompt >", kind: textInput, typed: "hi", came: "> hi\r\nok\r\n", want: []string{"ok"}, echoed: true},
		{name: "half an echo", kind: textInput, typed: "hi", came: "hi", want: []string{"hi"}},
		{name: "others speak before the echo", kind: textInput, typed: "hi", came: "bob: hi\r\nhi\r\n", want: []string{"bob: hi"}, echoed: true},
		{name: "key", before: "a\r\n", kind: keyInput, typed: "<Ctrl-C>", came: "^C\r\n" + markPrompt, echoed: true, prompt: true},
		{name: "key glued to output", before: "a\r\n", kind: keyInput, typed: "<Ctrl-C>", came: "^Cbye\r\n" + markPrompt,
			want: []string{"bye"}, echoed: true, prompt: true},
	} {
		s := newScreen()
		_, _ = s.Write([]byte(test.before))
		g := segment{}.after(placeOf(s), test.kind, test.typed)
		_, _ = s.Write([]byte(test.came))
		got := g.read(s)
		if !slices.Equal(got.lines, test.want) || got.echoed != test.echoed || got.prompt != test.prompt {
			t.Errorf("%s: got %+v", test.name, got)
		}
	}
}

// In a program that edits lines itself, Up brings an old line back, and Enter sends it: what stands there is no output.
func TestEditedLineIsAnEcho(t *testing.T) {
	s := newScreen()
	_, _ = s.Write([]byte("db> "))
	g := segment{}.after(placeOf(s), editInput, "<Up>")
	g = g.after(placeOf(s), textInput, "") // typed before the line is there
	_, _ = s.Write([]byte("count\r\n3\r\n"))
	if got := g.read(s); !got.echoed || !slices.Equal(got.lines, []string{"3"}) {
		t.Errorf("got %+v", got)
	}
}

// What comes after the last look and before the input must not fall between two segments.
func TestNothingSlipsThroughBetweenLookAndInput(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	s := &session{term: &terminal{master: w, screen: newScreen(), changed: make(chan struct{}, 1)}}
	s.limits = limits{normal: time.Second, slow: time.Second, quiet: time.Second}
	s.project = labName
	s.segment = segment{}.after(place{}, keyInput, "<Ctrl-L>")
	s.wants = wantsOf("seen")
	_, _ = s.term.screen.Write([]byte("seen\r\n"))
	if err := s.wait(t.Context(), untilShown, 1); err != nil {
		t.Fatal(err)
	}
	_, _ = s.term.screen.Write([]byte("late\r\n"))
	if err := s.send(textInput, "hi", "hi\r", 2); err != nil {
		t.Fatal(err)
	}
	_, _ = s.term.screen.Write([]byte("hi\r\n"))
	if v := s.look(); v.ok || !slices.Equal(v.lines, []string{"late"}) {
		t.Errorf("got %+v", v)
	}
}
