package textline

import (
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

func BenchmarkValidUTF8(b *testing.B) {
	text := []byte(strings.Repeat("κόσμε world ", 80))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		ValidUTF8(text)
	}
}

func BenchmarkPrintable(b *testing.B) {
	text := strings.Repeat("κόσμε world ", 80)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Printable(text)
	}
}
