package main

import (
	"net"
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

// moment is long enough for some messages.
const moment = 50 * time.Millisecond

// runLoad lets l's clients enter and talk for a moment, and returns how many
// messages came across.
func runLoad(t *testing.T, l load, p protocol, addr string) (int64, error) {
	t.Helper()
	return runLoadWithin(t, 0, moment, l, p, addr)
}

// runLoadWithin counts only what comes across from begin to end.
func runLoadWithin(t *testing.T, begin, end time.Duration, l load, p protocol, addr string) (int64, error) {
	t.Helper()
	conns, err := p.enterAll(t.Context(), addr, l.clients())
	if err != nil {
		return 0, err
	}
	t.Cleanup(func() { closeAll(conns) })
	now := time.Now()
	w := window{now.Add(begin), now.Add(end)}
	for _, conn := range conns {
		conn.SetDeadline(w.end.Add(5 * time.Second))
	}
	times, err := l.run(t.Context(), conns, p, w)
	if err != nil {
		return 0, err
	}
	return times.TotalCount(), nil
}
