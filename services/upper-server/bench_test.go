package main

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"socketlab/kit/netserver"
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

func benchmarkAnswers(b *testing.B, wire, line string) {
	const clients = 50
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	server := &netserver.Server{Handler: handlerFor(wire)}
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
			if err := talk(ln.Addr().String(), wire, line, (b.N+i)/clients); err != nil {
				b.Error(err)
			}
		})
	}
	talks.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lines/s")
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
