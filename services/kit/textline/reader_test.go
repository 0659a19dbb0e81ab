package textline

import (
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// A streamTest is a stream and all that a Reader with a limit of ten bytes
// makes of it, up to "eof", which every one ends with.
type streamTest struct {
	rule   string
	stream string
	want   []string
}

const testLimit = 10

var lineTests = []streamTest{
	{"LF ends a line", "one\ntwo\n", []string{`line "one"`, `line "two"`}},
	{"CR LF ends a line", "one\r\ntwo\r\n", []string{`line "one"`, `line "two"`}},
	{"CR NUL ends a line", "one\r\x00two\r\x00", []string{`line "one"`, `line "two"`}},
	{"an empty line is a line", "\n\r\n\r\x00", []string{`line ""`, `line ""`, `line ""`}},
	{"an empty stream has no line", "", nil},
	{"the last line needs no end", "one\ntwo", []string{`line "one"`, `line "two"`}},
	{"no line is invented after the last end", "one\n", []string{`line "one"`}},
	{"CR before anything else is text", "a\rb\n", []string{`line "a\rb"`}},
	{"CR CR LF: only the second belongs to the end", "a\r\r\n", []string{`line "a\r"`}},
	{"CR CR NUL: only the second belongs to the end", "a\r\r\x00", []string{`line "a\r"`}},
	{"CR at the end of the stream is text", "abc\r", []string{`line "abc\r"`}},
	{"CR alone is a last line", "\r", []string{`line "\r"`}},
	{"LF CR is an end and then text", "a\n\rb", []string{`line "a"`, `line "\rb"`}},

	{"NUL is dropped", "a\x00b\x00\n\x00", []string{`line "ab"`}},
	{"NUL between CR and LF ends a line of its own", "a\r\x00\n", []string{`line "a"`, `line ""`}},

	{"a line at the limit", "0123456789\nx\n", []string{`line "0123456789"`, `line "x"`}},
	{"a line at the limit, with CR LF", "0123456789\r\nx\n", []string{`line "0123456789"`, `line "x"`}},
	{"a line at the limit, with CR NUL", "0123456789\r\x00x\n", []string{`line "0123456789"`, `line "x"`}},
	{"a line at the limit at the end of the stream", "0123456789", []string{`line "0123456789"`}},
	{"a line past the limit", "0123456789a\nx\n", []string{"too long", `line "x"`}},
	{"a line past the limit, with CR LF", "0123456789a\r\nx\n", []string{"too long", `line "x"`}},
	{"a line past the limit, with CR NUL", "0123456789a\r\x00x\n", []string{"too long", `line "x"`}},
	{"a line far past the limit is reported once", strings.Repeat("long", 1000) + "\nx\n", []string{"too long", `line "x"`}},
	{"each line past the limit is reported", "0123456789a\n0123456789b\n", []string{"too long", "too long"}},
	{"a CR that is text counts", "0123456789\rb\nx\n", []string{"too long", `line "x"`}},
	{"a CR that is text counts, before CR LF", "0123456789\r\r\nx\n", []string{"too long", `line "x"`}},
	{"a CR that is text counts, at the end of the stream", "0123456789\r", []string{"too long"}},
	{"a bare CR does not end the skipping", "0123456789abc\rd\r\re\nx\n", []string{"too long", `line "x"`}},
	{"NUL does not count", "01234\x0056789\n", []string{`line "0123456789"`}},
	{"telnet commands do not count", "01234\xFF\xF156789\n", []string{`line "0123456789"`}},
	{"the stream may end while skipping", "0123456789abcdef", []string{"too long"}},
	{"the limit counts bytes as they came", strings.Repeat("\x80", 10) + "\n",
		[]string{`line "` + strings.Repeat("\uFFFD", 10) + `"`}},

	{"bytes that are not UTF-8", "a\x80b\xE2\x82c\n", []string{"line \"a\uFFFDb\uFFFDc\""}},
	{"a character is not completed over the end of the line", "\xE2\x82\n\xAC\n", []string{"line \"\uFFFD\"", "line \"\uFFFD\""}},

	{"Ctrl-D on an empty line is the wish to leave", "one\n\x04", []string{`line "one"`, "leave"}},
	{"Ctrl-D leaves without waiting for the line's end", "\x04\n", []string{"leave", `line ""`}},
	{"Ctrl-D elsewhere is text", "a\x04b\n\r\x04\n", []string{`line "a\x04b"`, `line "\r\x04"`}},
	{"Ctrl-D while skipping is skipped", "0123456789abc\x04\nx\n", []string{"too long", `line "x"`}},
	{"Ctrl-D behind NUL is still on an empty line", "\x00\x04", []string{"leave"}},
}

func TestLines(t *testing.T) { runStreamTests(t, lineTests) }

// runStreamTests lets each stream arrive at once, byte by byte, and in two
// parts cut at every place. The first is what the tables say; the others must
// not differ from it.
func runStreamTests(t *testing.T, tests []streamTest) {
	for _, test := range tests {
		t.Run(test.rule, func(t *testing.T) {
			want := append(slices.Clone(test.want), "eof")
			check := func(how string, in io.Reader) {
				t.Helper()
				if got := transcript(t, in, testLimit); !slices.Equal(got, want) {
					t.Fatalf("%s, %q:\ngot  %q\nwant %q", how, test.stream, got, want)
				}
			}
			check("at once", strings.NewReader(test.stream))
			check("at once with the end", &pieces{left: []string{test.stream}, errWith: true})
			check("byte by byte", iotest.OneByteReader(strings.NewReader(test.stream)))
			for i := range test.stream {
				check("cut in two", &pieces{left: []string{test.stream[:i], test.stream[i:]}})
			}
			if got := reference([]byte(test.stream), testLimit); !slices.Equal(got, want) {
				t.Errorf("the reference implementation says %q", got)
			}
		})
	}
}

func TestTooLongIsReportedAtOnce(t *testing.T) {
	r := NewReader(&pieces{left: []string{"01234", "56789", "a"}, err: errors.New("read on")}, nil, testLimit)
	if _, err := r.ReadLine(); err != ErrTooLong {
		t.Fatalf("got %v, want ErrTooLong before the next read", err)
	}
}

func TestErrorsOfTheStreamComeAsTheyAre(t *testing.T) {
	broken := errors.New("cable cut")
	for _, with := range []bool{false, true} {
		r := NewReader(&pieces{left: []string{"one\nhalf"}, err: broken, errWith: with}, nil, testLimit)
		if line, err := r.ReadLine(); string(line) != "one" || err != nil {
			t.Fatalf("got %q, %v; the line came before the error", line, err)
		}
		if line, err := r.ReadLine(); line != nil || err != broken {
			t.Fatalf("got %q, %v; half a line is no line unless the stream ends", line, err)
		}
	}
}

func TestReadingGoesOnAfterADeadline(t *testing.T) {
	in := &pieces{left: []string{"ha\r"}, err: os.ErrDeadlineExceeded, errWith: true}
	r := NewReader(in, nil, testLimit)
	for range 3 {
		if _, err := r.ReadLine(); err != os.ErrDeadlineExceeded {
			t.Fatalf("got %v, want the deadline's error", err)
		}
	}
	in.left = []string{"lf\n"}
	if line, err := r.ReadLine(); string(line) != "ha\rlf" || err != nil {
		t.Fatalf("got %q, %v", line, err)
	}
}

func TestEndOfStreamStays(t *testing.T) {
	in := &pieces{left: []string{"last"}}
	r := NewReader(in, nil, testLimit)
	if line, err := r.ReadLine(); string(line) != "last" || err != nil {
		t.Fatalf("got %q, %v", line, err)
	}
	in.left = []string{"from beyond the end\n"}
	for range 3 {
		if line, err := r.ReadLine(); err != io.EOF {
			t.Fatalf("got %q, %v; want io.EOF for good", line, err)
		}
	}
}
