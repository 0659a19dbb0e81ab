package main

import (
	"io"
	"net"
	"strings"
	"testing"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/transform"

	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// BenchmarkAnswers: 50 clients, each of which says a line of 64 bytes and
// waits for its answer.
func BenchmarkAnswers(b *testing.B) {
	for _, bench := range []struct{ name, wire, line string }{
		{"lines", lines, strings.Repeat("x", 63) + "\n"},
		{"lines-not-ASCII", lines, strings.Repeat("é", 31) + "!\n"},
		{"raw", raw, strings.Repeat("x", 63) + "\n"},
	} {
		b.Run(bench.name, func(b *testing.B) { benchmarkAnswers(b, bench.wire, bench.line) })
	}
}

func BenchmarkAppendUpper(b *testing.B) {
	for name, text := range texts() {
		b.Run(name, func(b *testing.B) {
			upper := newUpper(b, text)
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				upper()
			}
		})
	}
}

// TestCapitalsCostNoAllocation: once there is room for the answer.
func TestCapitalsCostNoAllocation(t *testing.T) {
	for name, text := range texts() {
		if allocs := testing.AllocsPerRun(1000, newUpper(t, text)); allocs != 0 {
			t.Errorf("%s: %v allocations a text, want 0", name, allocs)
		}
	}
}

func texts() map[string]string {
	return map[string]string{
		"ASCII":    strings.Repeat("hello, world ", 80),
		"accented": strings.Repeat("grüße, straße ", 80),
		"Greek":    strings.Repeat("καλημέρα κόσμε ", 80),
	}
}

// newUpper returns what puts the capitals of text where the last ones were.
func newUpper(tb testing.TB, text string) func() {
	var caser transform.Transformer = cases.Upper(language.Und)
	answer, said := make([]byte, 0, 4*len(text)), []byte(text)
	return func() {
		var err error
		if answer, err = appendUpper(answer[:0], said, caser); err != nil {
			tb.Error(err)
		}
	}
}

func benchmarkAnswers(b *testing.B, wire, line string) {
	addr := nettest.Serve(b, &netserver.Server{Handler: handlerFor(wire)}).Addr
	nettest.Crowd(b, 50, func(_, turns int) error { return talk(addr, wire, line, turns) })
}

// talk says line count times, and waits for the answer each time.
func talk(addr, wire, line string, count int) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := io.ReadFull(conn, make([]byte, len(greeting))); err != nil {
		return err
	}
	said, answer := []byte(line), make([]byte, len(line)+len(quit)+len("\n"))
	if wire == raw {
		answer = answer[:len(line)+len(quit)]
	}
	for range count {
		if _, err := conn.Write(said); err != nil {
			return err
		}
		if _, err := io.ReadFull(conn, answer); err != nil {
			return err
		}
	}
	return nil
}
