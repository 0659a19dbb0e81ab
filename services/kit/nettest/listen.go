package nettest

import (
	"net"
	"testing"
)

// Listen is for tests of clients: it runs handle for each caller of a listener
// on 127.0.0.1 and closes the connection behind it. The listener is closed at
// the end of the test. It returns the address.
func Listen(t testing.TB, handle func(*net.TCPConn)) (addr string) {
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
				handle(conn.(*net.TCPConn))
			}()
		}
	}()
	return ln.Addr().String()
}
