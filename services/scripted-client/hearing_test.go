package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// pieces is a stream that arrives in the given pieces, one a Read.
type pieces []string

func (p *pieces) Read(buf []byte) (int, error) {
	if len(*p) == 0 {
		return 0, io.EOF
	}
	n := copy(buf, (*p)[0])
	if (*p)[0] = (*p)[0][n:]; (*p)[0] == "" {
		*p = (*p)[1:]
	}
	return n, nil
}

// cut divides text into pieces of the given sizes, the rest into one.
func cut(text string, sizes []byte) *pieces {
	var all pieces
	for _, size := range sizes {
		if n := min(int(size), len(text)); n > 0 {
			all = append(all, text[:n])
			text = text[n:]
		}
	}
	if text != "" {
		all = append(all, text)
	}
	return &all
}

// heard is all that hearing makes of a stream.
func heard(in io.Reader) []string {
	h := hearing{in: bufio.NewReader(in)}
	var all []string
	for {
		line, err := h.next(isAnswered)
		switch {
		case errors.Is(err, errTooLong):
			return append(all, "too long")
		case err != nil:
			return append(all, fmt.Sprintf("%v after %q", err, h.line))
		}
		all = append(all, line)
	}
}

var hearingTests = []struct {
	name, stream string
	want         []string
}{
	{"lines", "Hello from the server!\nHELLO FROM THE CLIENT!\nQUIT\n", []string{"Hello from the server!", "HELLO FROM THE CLIENT!", "QUIT", `EOF after ""`}},
	{"raw", "Hello from the server!\nHELLO FROM THE CLIENT!\nQUIT", []string{"Hello from the server!", "HELLO FROM THE CLIENT!", "QUIT", `EOF after ""`}},
	{"behind the capitals", "Hello from the server!\nHELLO FROM THE CLIENT!QUIT", []string{"Hello from the server!", "HELLO FROM THE CLIENT!", "QUIT", `EOF after ""`}},
	{"no line end anywhere", "Hello from the server!HELLO FROM THE CLIENT!QUIT", []string{"Hello from the server!HELLO FROM THE CLIENT!", "QUIT", `EOF after ""`}},
	{"CR LF", "one\r\nQUIT\r\ntwo\r\n", []string{"one", "QUIT", "two", `EOF after ""`}},
	{"QUIT and more", "QUITQUIT\nmore\n\nQUIT", []string{"QUIT", "QUIT", "more", "", "QUIT", `EOF after ""`}},
	{"an empty line behind QUIT", "QUIT\n\nQUIT\n", []string{"QUIT", "", "QUIT", `EOF after ""`}},
	{"ambiguous: decided too early", "QUITE A LOT\n", []string{"QUIT", "E A LOT", `EOF after ""`}},
	{"no QUIT", "MOSQUITO\nI QUIT\nquit\nQ\nUIT\n", []string{"MOSQUITO", "I QUIT", "quit", "Q", "UIT", `EOF after ""`}},
	{"unfinished", "one\ntwo", []string{"one", `EOF after "two"`}},
	{"not UTF-8", "a\xff\xe2\x82b\n", []string{"a\uFFFD\uFFFDb", `EOF after ""`}},
	{"longest", strings.Repeat("x", maxLine) + "\n", []string{strings.Repeat("x", maxLine), `EOF after ""`}},
	{"too long", strings.Repeat("x", maxLine+1), []string{"too long"}},
	{"nothing", "", []string{`EOF after ""`}},
}

func TestHearing(t *testing.T) {
	for _, test := range hearingTests {
		t.Run(test.name, func(t *testing.T) {
			if got := heard(strings.NewReader(test.stream)); !slices.Equal(got, test.want) {
				t.Errorf("got  %.300q\nwant %.300q", got, test.want)
			}
			if got := heard(iotest.OneByteReader(strings.NewReader(test.stream))); !slices.Equal(got, test.want) {
				t.Errorf("byte by byte:\ngot  %.300q\nwant %.300q", got, test.want)
			}
			for at := range min(len(test.stream), 100) {
				if got := heard(cut(test.stream, []byte{byte(at)})); !slices.Equal(got, test.want) {
					t.Errorf("cut at %d:\ngot  %.300q\nwant %.300q", at, got, test.want)
				}
			}
		})
	}
}

// FuzzHearing: however the same bytes are cut, the decision is the same.
func FuzzHearing(f *testing.F) {
	for _, test := range hearingTests {
		if len(test.stream) < 100 {
			f.Add(test.stream, []byte{1, 2, 3, 4, 5})
		}
	}
	f.Fuzz(func(t *testing.T, stream string, sizes []byte) {
		want := heard(strings.NewReader(stream))
		if got := heard(cut(stream, sizes)); !slices.Equal(got, want) {
			t.Errorf("cut into %q:\ngot  %q\nwant %q", *cut(stream, sizes), got, want)
		}
	})
}
