package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sirupsen/logrus"

	"socketlab/crud-server/store"
	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// BenchmarkAnswers: many clients, each of which says a line and waits for its
// answer. Values have 100 bytes.
func BenchmarkAnswers(b *testing.B) {
	value := strings.Repeat("v", 100)
	for _, bench := range []struct {
		name    string
		clients int
		line    func() string
	}{
		{"create", 64, func() string { return fmt.Sprintf("create key:%x %s\n", rand.Uint64(), value) }},
		{"read", 50, func() string { return fmt.Sprintf("read %d\n", rand.IntN(1000)) }},
	} {
		b.Run(bench.name, func(b *testing.B) { benchmarkAnswers(b, bench.clients, bench.line) })
	}
}

func BenchmarkParse(b *testing.B) {
	commands := commandTable()
	for _, line := range []string{"read key:123456", "create key:123456 " + strings.Repeat("v", 100), "update key:123456 @7 value"} {
		name, _, _ := strings.Cut(line, " ")
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := parse(commands, line); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func benchmarkAnswers(b *testing.B, clients int, line func() string) {
	records, err := store.Open(filepath.Join(b.TempDir(), "crud.db"), logrus.New())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { records.Close() }) // after the server's end
	for i := range 1000 {
		if err := records.Create(fmt.Sprint(i), strings.Repeat("v", 100)); err != nil {
			b.Fatal(err)
		}
	}
	addr := nettest.Serve(b, &netserver.Server{Handler: handlerFor(records)}).Addr
	nettest.Crowd(b, clients, func(_, turns int) error { return talk(addr, turns, line) })
}

// talk says a line count times, and waits for the answer each time.
func talk(addr string, count int, line func() string) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	answer := make([]byte, 1024)
	for range count {
		if _, err := conn.Write([]byte(line())); err != nil {
			return err
		}
		n, err := conn.Read(answer)
		if err != nil {
			return err
		}
		if !bytes.HasPrefix(answer[:n], []byte("OK ")) {
			return fmt.Errorf("it answers %q", answer[:n])
		}
	}
	return nil
}
