package main

import (
	"bytes"
	"io"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"socketlab/kit/nettest"
	"socketlab/kit/textline"
)

// grammar is CHAT-2: the lines that a client may hear.
var grammar = regexp.MustCompile(`^(` +
	`\* .+|` +
	`! (absent|busy|channel|login|nick|nobody|password|registered|server|slow|storage|taken|toolong|toomany|tries|unknown|usage) .+|` +
	`\[#[^\] ]+\] [^: ]+: .+|` +
	`\[#[^\] ]+\] \* [^ ]+ .+|` +
	`\[[^\] ]+ -> you\] .+)$`)

// withoutTelnet takes out the refusals of CHAT-6, three bytes each. No text has
// a byte like the first.
func withoutTelnet(heard []byte) string {
	var text []byte
	for {
		before, after, found := bytes.Cut(heard, []byte{0xff})
		text = append(text, before...)
		if !found {
			return string(text)
		}
		heard = after[2:]
	}
}

// Whatever one says, nobody hears a line that is not of the protocol.
func FuzzSession(f *testing.F) {
	for _, said := range []string{
		"hello\n/me waves\n/msg bob psst\n",
		"/nick alice\n/join #go\nhi\n/part\n/part\n/history 5\n/who #lobby\n/channels\n",
		"/register carol wonderland\n/login carol wonder\n/passwd a b\n/quit bye \x1b[2J\n",
		"\xff\xfb\x18\xff\xfd\x06\xff\xf4/help\r\n/help nick\r\x00\x04",
		"/nick \u202ee\n/join #\x07\n/say #lobby \x1b]0;x\x07\n\xc3(\n" + strings.Repeat("x", 1100),
	} {
		f.Add([]byte(said))
	}
	addr := start(f).Addr
	bob := people(f, addr, "bob")[0]
	f.Fuzz(func(t *testing.T, said []byte) {
		if len(said) > 64<<10 {
			t.Skip("longer than the sockets hold while nothing is read")
		}
		alice, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer alice.Close()
		alice.SetDeadline(time.Now().Add(nettest.Limit))
		if _, err := alice.Write(said); err != nil {
			t.Fatal(err)
		}
		alice.(*net.TCPConn).CloseWrite()
		heard, err := io.ReadAll(alice)
		if err != nil {
			t.Fatal(err)
		}
		checkLines(t, heard)

		bob.Conn.SetDeadline(time.Now().Add(nettest.Limit))
		if _, err := io.WriteString(bob.Conn, "/ping next\n"); err != nil {
			t.Fatal(err)
		}
		heard = nil
		for !bytes.HasSuffix(heard, []byte("* pong next\n")) {
			line, err := bob.In.ReadBytes('\n')
			if err != nil {
				t.Fatal(err)
			}
			heard = append(heard, line...)
		}
		checkLines(t, heard)
	})
}

func checkLines(t *testing.T, heard []byte) {
	text := withoutTelnet(heard)
	if text != "" && !strings.HasSuffix(text, "\n") {
		t.Errorf("the last line has no end: %q", text)
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if !grammar.MatchString(line) || !utf8.ValidString(line) || textline.Printable(line) != line {
			t.Errorf("this line is not of the protocol: %q", line)
		}
	}
}

// A name is one and the same, however often it is read, and can be shown.
func FuzzNames(f *testing.F) {
	for _, text := range []string{"alice", "Алиса", "ＡＬＩＣＥ", "e\u0301e", "हिन्दी", "guest-1", "a b", "\u202ea", "ſs", "ΣΑΣ", "A\u0301"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := parseNick(text)
		if err != nil {
			return
		}
		if !hasNameCharacters(n.shown) || textline.Printable(n.shown) != n.shown {
			t.Errorf("%q is shown as %q", text, n.shown)
		}
		again, err := parseNick(n.shown)
		if err != nil || again != n {
			t.Errorf("%q is %+q, and that is %+q (%v)", text, n, again, err)
		}
		if keyOf(text) != n.key || keyOf(n.shown) != n.key {
			t.Errorf("%q is looked up as %q, its key is %q", text, keyOf(text), n.key)
		}
	})
}

// What a command is given are words, and a text at most.
func FuzzSplit(f *testing.F) {
	f.Add("bob  hello,  world ", 2, true)
	f.Add("#go\t#rust", 1, false)
	f.Fuzz(func(t *testing.T, rest string, most int, text bool) {
		row := command{most: 1 + abs(most)%3, text: text}
		words := row.split(strings.Trim(rest, blanks))
		for i, word := range words {
			isText := text && i == row.most-1
			if word == "" || !isText && strings.ContainsAny(word, blanks) || isText && textline.Printable(word) != word {
				t.Errorf("%q is split into %q", rest, words)
			}
		}
		if text && len(words) > row.most {
			t.Errorf("%q is split into %d, the text in pieces", rest, len(words))
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return max(-n, 0) // the lowest number has no opposite
	}
	return n
}
