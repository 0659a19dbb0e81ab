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

// runLoad lets l's clients enter and talk for a moment, and returns how many
// messages came across.
func runLoad(t *testing.T, l load, p protocol, addr string) (int64, error) {
	t.Helper()
	return runLoadAfter(t, 0, l, p, addr)
}

// runLoadAfter counts only what comes across after a part of that moment, 0 to
// 1.
func runLoadAfter(t *testing.T, part float64, l load, p protocol, addr string) (int64, error) {
	t.Helper()
	conns, err := p.enterAll(t.Context(), addr, l.clients())
	if err != nil {
		return 0, err
	}
	t.Cleanup(func() { closeAll(conns) })
	const moment = 50 * time.Millisecond
	now := time.Now()
	w := window{now.Add(time.Duration(part * float64(moment))), now.Add(moment)}
	for _, conn := range conns {
		conn.SetDeadline(w.end.Add(5 * time.Second))
	}
	times, err := l.run(t.Context(), conns, p, w)
	if err != nil {
		return 0, err
	}
	return times.TotalCount(), nil
}
