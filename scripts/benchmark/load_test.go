package main

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// serve runs handle for each client of a listener until the test ends.
func serve(t *testing.T, handle func(net.Conn)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				handle(conn)
			}()
		}
	}()
	return ln.Addr().String()
}

func runLoad(t *testing.T, l load, p protocol, addr string) (int64, error) {
	t.Helper()
	w := window{begin: time.Now()}
	w.end = w.begin.Add(50 * time.Millisecond)
	conns, err := l.dial(t.Context(), addr, w.end.Add(5*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeAll(conns) })
	times, err := l.run(t.Context(), conns, p, w)
	if err != nil {
		return 0, err
	}
	return times.TotalCount(), nil
}

func TestLoadCountsEchoes(t *testing.T) {
	addr := serve(t, func(conn net.Conn) { io.Copy(conn, conn) })
	n, err := runLoad(t, load{"test", 3, 5000, pieces}, echoes(), addr)
	if err != nil || n == 0 {
		t.Errorf("got %d messages, %v; want some", n, err)
	}
}

// The load generator must notice every server that does not echo.
func TestLoadChecksEveryByte(t *testing.T) {
	tests := map[string]func(chunk []byte) []byte{
		"one bit wrong": func(chunk []byte) []byte { chunk[len(chunk)-1] ^= 1; return chunk },
		"always the same": func(chunk []byte) []byte {
			return []byte(strings.Repeat("x", len(chunk)))
		},
	}
	for name, spoil := range tests {
		addr := serve(t, func(conn net.Conn) {
			chunk := make([]byte, 64)
			for {
				n, err := conn.Read(chunk)
				if err != nil {
					return
				}
				if _, err := conn.Write(spoil(chunk[:n])); err != nil {
					return
				}
			}
		})
		if _, err := runLoad(t, load{name, 2, 64, pieces}, echoes(), addr); err == nil || !strings.Contains(err.Error(), "other bytes") {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}

// Each message differs from the one before: an old answer is a wrong one.
func TestLoadNoticesOldEchoes(t *testing.T) {
	addr := serve(t, func(conn net.Conn) {
		first := make([]byte, 64)
		if _, err := io.ReadFull(conn, first); err != nil {
			return
		}
		conn.Write(first)
		for next := make([]byte, 64); ; {
			if _, err := io.ReadFull(conn, next); err != nil {
				return
			}
			conn.Write(first)
		}
	})
	if _, err := runLoad(t, load{"old", 1, 64, pieces}, echoes(), addr); err == nil || !strings.Contains(err.Error(), "other bytes") {
		t.Errorf("got error %v", err)
	}
}

func TestLoadEndsWithItsContext(t *testing.T) {
	addr := serve(t, func(conn net.Conn) { io.Copy(io.Discard, conn) })
	l := load{"silent server", 2, 64, pieces}
	conns, err := l.dial(t.Context(), addr, time.Now().Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := l.run(ctx, conns, echoes(), window{time.Now(), time.Now().Add(time.Minute)})
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil {
			t.Error("no error although nothing was echoed")
		}
	case <-time.After(5 * time.Second):
		t.Error("still waiting 5 s after its context was done")
	}
}
