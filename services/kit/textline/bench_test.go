package textline

import (
	"io"
	"strings"
	"testing"
)

func BenchmarkReadLine(b *testing.B) {
	for _, bench := range []struct {
		name  string
		line  string
		read  int // bytes the stream has ready for a Read
		pause bool
	}{
		{"64-byte-lines-in-64KiB-reads", strings.Repeat("x", 63) + "\n", 64 << 10, false},
		{"one-64-byte-line-a-read", strings.Repeat("x", 63) + "\n", 64, true},
		{"1KiB-lines", strings.Repeat("x", 1023) + "\n", 64 << 10, false},
		{"64KiB-lines", strings.Repeat("x", 65535) + "\n", 64 << 10, false},
		{"64KiB-lines-one-at-a-time", strings.Repeat("x", 65535) + "\n", 64 << 10, true},
		{"too-long", strings.Repeat("x", 1<<20-1) + "\n", 64 << 10, false},
		{"telnet-commands", strings.Repeat("x", 57) + "\xff\xf9\xff\xfd\x06\r\n", 64 << 10, false},
		{"not-UTF-8", strings.Repeat("x", 62) + "\x80\n", 64 << 10, false},
	} {
		b.Run(bench.name, func(b *testing.B) {
			r := NewReader(&endless{text: bench.line, most: bench.read, pause: bench.pause}, nil, 64<<10)
			b.SetBytes(int64(len(bench.line)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := r.ReadLine(); err != nil && err != ErrTooLong {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestALineCostsNoAllocation: once a Reader has its buffer, a line that somebody
// typed costs nothing more, with telnet's commands in it or without.
func TestALineCostsNoAllocation(t *testing.T) {
	for _, line := range []string{
		strings.Repeat("x", 63) + "\n",
		strings.Repeat("é", 31) + "\r\n",
		"hello\xff\xfd\x06\r\x00",
	} {
		for _, read := range []int{len(line), 64 << 10} {
			r := NewReader(&endless{text: line, most: read}, io.Discard, 64<<10)
			allocs := testing.AllocsPerRun(1000, func() {
				if _, err := r.ReadLine(); err != nil {
					t.Fatal(err)
				}
			})
			if allocs != 0 {
				t.Errorf("%q, read %d bytes at a time: %v allocations a line, want 0", line, read, allocs)
			}
		}
	}
}

func BenchmarkDecoder(b *testing.B) {
	piece := []byte(strings.Repeat("κόσμε world ", 80))
	piece = piece[1:] // begins with half a character, and so ends one, too
	var d Decoder
	var text []byte
	b.SetBytes(int64(len(piece)))
	b.ReportAllocs()
	for b.Loop() {
		text = d.Append(text[:0], piece)
	}
}

func BenchmarkValidUTF8(b *testing.B) {
	text := []byte(strings.Repeat("κόσμε world ", 80))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		ValidUTF8(text)
	}
}

func BenchmarkPrintable(b *testing.B) {
	for name, text := range map[string]string{
		"ASCII":        strings.Repeat("hello, world ", 80),
		"not-ASCII":    strings.Repeat("κόσμε world ", 80),
		"with-escapes": strings.Repeat("hello, \x1b[31mworld ", 80),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Printable(text)
			}
		})
	}
}
