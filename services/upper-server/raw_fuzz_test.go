package main

import (
	"context"
	"net"
	"strings"
	"testing"
	"unicode/utf8"

	"socketlab/kit/netserver"
)

// original is what the server of the original guide would say, had it put a
// StringDecoder between the chunks and toUpperCase: of all that has come so far
// it knows which text it makes, and says what is new.
type original struct {
	upper func(rune) string
	heard []byte
	said  int // runes of the text that have been answered
}

func (o *original) answer(chunk []byte) string {
	o.heard = append(o.heard, chunk...)
	return o.say(o.heard[:len(o.heard)-unfinished(o.heard)]) + "QUIT"
}

func (o *original) end() string { return o.say(o.heard) }

func (o *original) say(heard []byte) string {
	text := []rune(decode(heard))
	var b strings.Builder
	for _, r := range text[o.said:] {
		b.WriteString(o.upper(r))
	}
	o.said = len(text)
	return b.String()
}

// unfinished returns how many bytes at the end of p could still become a
// character.
func unfinished(p []byte) int {
	for n := min(3, len(p)); n > 0; n-- {
		tail := p[len(p)-n:]
		if utf8.RuneStart(tail[0]) && !utf8.FullRune(tail) {
			return n
		}
	}
	return 0
}

// decode replaces each maximal subpart of what is not UTF-8 by U+FFFD: the
// longest piece that begins some character (Unicode 3.9, table 3-7).
func decode(p []byte) string {
	var b strings.Builder
	for len(p) > 0 {
		r, size := utf8.DecodeRune(p)
		if r == utf8.RuneError && size == 1 {
			for n := min(3, len(p)); n > 1; n-- {
				if !utf8.FullRune(p[:n]) {
					size = n
					break
				}
			}
		}
		b.WriteRune(r)
		p = p[size:]
	}
	return b.String()
}

// FuzzRaw holds the raw wire to the original, over real sockets: each piece is
// one write, and as its answer is awaited before the next, one read.
func FuzzRaw(f *testing.F) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	server := &netserver.Server{Handler: handlerFor(raw)}
	go func() { ended <- server.Serve(ctx, ln) }()
	f.Cleanup(func() {
		stop()
		<-ended
	})
	upper := fullUpper(f)

	f.Add([]byte("caf\xc3\xa9 \xf0\x9f\x99\x82"), []byte{4, 1, 1, 1, 1})
	f.Add([]byte("\xe2\x82\xe2\x82\xac\xff\xf4\xc3"), []byte{1, 1, 1, 1, 1, 1})
	f.Add([]byte("stra\xc3\x9fe\nquit\x00\xed\xa0\x80\xf4\x90\x80\x80"), []byte{5, 3})
	f.Fuzz(func(t *testing.T, stream, sizes []byte) {
		alice := dial(t, ln.Addr().String())
		want := original{upper: upper}
		for _, size := range append(sizes[:min(len(sizes), 20)], 255) {
			piece := stream[:min(len(stream), int(size))]
			stream = stream[len(piece):]
			if len(piece) > 0 {
				alice.Send(string(piece))
				alice.Expect(want.answer(piece))
			}
		}
		alice.CloseWrite()
		alice.Expect(want.end())
		alice.ExpectEnd()
	})
}
