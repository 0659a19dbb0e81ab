package textline

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"
)

// endless repeats a text for ever, at most so many bytes in a Read.
type endless struct {
	text  string
	most  int
	pause bool // no Read goes past the text's end, as if it waited for an answer
	at    int
}

func (e *endless) Read(buf []byte) (int, error) {
	buf = buf[:min(len(buf), e.most)]
	n := copy(buf, e.text[e.at:])
	for n < len(buf) && !e.pause {
		n += copy(buf[n:], e.text)
	}
	e.at = (e.at + n) % len(e.text)
	return n, nil
}

// roomOf notes how much room each Read was given.
type roomOf struct {
	in   io.Reader
	room []int
}

func (r *roomOf) Read(buf []byte) (int, error) {
	r.room = append(r.room, len(buf))
	return r.in.Read(buf)
}

func TestOrdinaryLinesAllocateNothing(t *testing.T) {
	for _, line := range []string{
		strings.Repeat("x", 63) + "\n",
		"κόσμε, world\r\n",
		"\n",
		"a\x00b\rc\xFF\xF1d\r\x00",
		strings.Repeat("x", smallBuffer/2) + "\n",
	} {
		for _, most := range []int{1, 64 << 10} {
			r := NewReader(&endless{text: line, most: most}, nil, 1024)
			allocs := testing.AllocsPerRun(1000, func() {
				if _, err := r.ReadLine(); err != nil {
					t.Fatal(err)
				}
			})
			if allocs != 0 {
				t.Errorf("%q, reads of %d: %v allocations a line", line, most, allocs)
			}
		}
	}
}

func TestMemoryOfAnEndlessLineIsBounded(t *testing.T) {
	for _, limit := range []int{0, 10, 1024, 50_000, 64 << 10} {
		in := &roomOf{in: &endless{text: "x", most: 4096}}
		r := NewReader(in, nil, limit)
		if _, err := r.ReadLine(); err != ErrTooLong {
			t.Fatalf("limit %d: got %v", limit, err)
		}
		if len(r.buf) > limit+smallBuffer {
			t.Errorf("limit %d: a buffer of %d bytes", limit, len(r.buf))
		}
		for _, room := range in.room {
			if room < smallBuffer/4 {
				t.Errorf("limit %d: a Read of only %d bytes", limit, room)
			}
		}
	}
}

func TestALimitThatIsNone(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	r := NewReader(strings.NewReader(long+"\n"), nil, math.MaxInt)
	if line, err := r.ReadLine(); string(line) != long || err != nil {
		t.Fatalf("got %d bytes, %v", len(line), err)
	}
}

func TestTelnetGarbageTakesNoMemory(t *testing.T) {
	for _, garbage := range []string{"\xFF\xFD\x01", "\xFF\xF1", "\x00", "\xFF\xFAx\xFF\xF0", "\xFF\xF4"} {
		in := &roomOf{in: io.LimitReader(&endless{text: garbage, most: 4096}, 100*1020)}
		transcript(t, in, 64<<10)
		for _, room := range in.room {
			if room > smallBuffer {
				t.Fatalf("%q: a Read of %d bytes", garbage, room)
			}
		}
	}
}

func TestBufferShrinksWhenTheLineIsGone(t *testing.T) {
	long := strings.Repeat("x", 60_000) + "\n"
	for _, limit := range []int{64 << 10, 50_000} { // as a line, and as one too long
		r := NewReader(&pieces{left: []string{long + "x", "y\n", "z"}}, nil, limit)
		for range 2 {
			r.ReadLine()
		}
		if len(r.buf) != smallBuffer {
			t.Errorf("limit %d: %d bytes held while waiting for the third line", limit, len(r.buf))
		}
	}
}

func TestAppendingToALineDoesNotChangeTheNext(t *testing.T) {
	r := NewReader(strings.NewReader("one\ntwo\n"), nil, testLimit)
	line, _ := r.ReadLine()
	_ = append(line, "!!!!"...)
	if line, err := r.ReadLine(); string(line) != "two" || err != nil {
		t.Fatalf("got %q, %v", line, err)
	}
}

// silent returns nothing and no error so many times, then a line.
type silent struct{ times int }

func (s *silent) Read(buf []byte) (int, error) {
	if s.times--; s.times >= 0 {
		return 0, nil
	}
	return copy(buf, "line\n"), nil
}

func TestReadsThatBringNothing(t *testing.T) {
	r := NewReader(&silent{times: maxEmptyReads - 1}, nil, testLimit)
	if line, err := r.ReadLine(); string(line) != "line" || err != nil {
		t.Errorf("a few of them: got %q, %v", line, err)
	}
	r = NewReader(&silent{times: 1 << 40}, nil, testLimit)
	if _, err := r.ReadLine(); !errors.Is(err, io.ErrNoProgress) {
		t.Errorf("many of them: got %v, want io.ErrNoProgress", err)
	}
}
