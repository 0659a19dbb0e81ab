package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/sirupsen/logrus"

	"socketlab/crud-server/store"
	"socketlab/kit/netserver"
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
	defer records.Close()
	for i := range 1000 {
		if err := records.Create(fmt.Sprint(i), strings.Repeat("v", 100)); err != nil {
			b.Fatal(err)
		}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	server := &netserver.Server{Handler: handlerFor(records)}
	go func() { ended <- server.Serve(ctx, ln) }()
	defer func() {
		stop()
		<-ended
	}()

	var talks sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for i := range clients {
		talks.Go(func() {
			if err := talk(ln.Addr().String(), (b.N+i)/clients, line); err != nil {
				b.Error(err)
			}
		})
	}
	talks.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lines/s")
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
