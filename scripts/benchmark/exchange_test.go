package main

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

func TestExchangeCountsEchoes(t *testing.T) {
	addr := serve(t, func(conn net.Conn) { io.Copy(conn, conn) })
	n, err := runLoad(t, exchange{"test", 3, 5000, repeating(pieces)}, echoes(), addr)
	if err != nil || n == 0 {
		t.Errorf("got %d messages, %v; want some", n, err)
	}
}

// The load generator must notice every server that does not echo.
func TestExchangeChecksEveryByte(t *testing.T) {
	tests := map[string]func(chunk []byte) []byte{
		"one bit wrong": func(chunk []byte) []byte { chunk[len(chunk)-1] ^= 1; return chunk },
		"always the same": func(chunk []byte) []byte {
			return []byte(strings.Repeat("x", len(chunk)))
		},
	}
	for name, spoil := range tests {
		addr := serve(t, func(conn net.Conn) {
			echoHello(conn)
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
		if _, err := runLoad(t, exchange{name, 2, 64, repeating(pieces)}, echoes(), addr); err == nil || !strings.Contains(err.Error(), "other bytes") {
			t.Errorf("%s: got error %v", name, err)
		}
	}
}

// Each message differs from the one before: an old answer is a wrong one.
func TestExchangeNoticesOldEchoes(t *testing.T) {
	addr := serve(t, func(conn net.Conn) {
		echoHello(conn)
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
	if _, err := runLoad(t, exchange{"old", 1, 64, repeating(pieces)}, echoes(), addr); err == nil || !strings.Contains(err.Error(), "other bytes") {
		t.Errorf("got error %v", err)
	}
}

// echoHello answers what a client enters with, as it should be.
func echoHello(conn net.Conn) { io.CopyN(conn, conn, int64(len("hello\n"))) }

func TestExchangeEndsWithItsContext(t *testing.T) {
	addr := serve(t, func(conn net.Conn) {
		echoHello(conn)
		io.Copy(io.Discard, conn)
	})
	l := exchange{"silent server", 2, 64, repeating(pieces)}
	conns, err := echoes().enterAll(t.Context(), addr, l.clients())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeAll(conns) })
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
