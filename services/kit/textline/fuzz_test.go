package textline

import (
	"slices"
	"testing"
)

// cut divides a stream into pieces of the given sizes, the rest into one. Zero
// is a piece of its own, an empty one, but never twice in a row: a Reader may
// give up on those.
func cut(stream, sizes []byte) []string {
	var all []string
	for i, size := range sizes {
		if len(stream) == 0 || size == 0 && i > 0 && sizes[i-1] == 0 {
			continue
		}
		n := min(int(size), len(stream))
		all = append(all, string(stream[:n]))
		stream = stream[n:]
	}
	return append(all, string(stream))
}

// FuzzReadLine holds the Reader to the reference implementation: the same
// lines, errors and replies in the same order, however the stream is cut.
func FuzzReadLine(f *testing.F) {
	for _, tests := range [][]streamTest{lineTests, telnetTests} {
		for _, test := range tests {
			f.Add([]byte(test.stream), []byte{1, 0, 2, 3}, uint16(testLimit), false)
			f.Add([]byte(test.stream), []byte{}, uint16(1), true)
		}
	}
	f.Fuzz(func(t *testing.T, stream, sizes []byte, limit uint16, errWith bool) {
		want := reference(stream, int(limit))
		in := &pieces{left: cut(stream, sizes), errWith: errWith}
		if got := transcript(t, in, int(limit)); !slices.Equal(got, want) {
			t.Errorf("%q with limit %d, in pieces %q:\ngot  %q\nwant %q", stream, limit, cut(stream, sizes), got, want)
		}
	})
}
