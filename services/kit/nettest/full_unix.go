//go:build unix

package nettest

import (
	"net"
	"syscall"
	"testing"
)

// Full returns the address of a listener that has no place for another caller:
// its kernel answers none, as behind a firewall that swallows the call. The
// listener is closed at the end of the test.
func Full(t testing.TB) (addr string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	FullOn(t, ln)
	return ln.Addr().String()
}

// FullOn is Full on a listener of the test's own making.
func FullOn(t testing.TB, ln net.Listener) {
	t.Helper()
	raw, err := ln.(*net.TCPListener).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	// To listen again only changes how many may wait to be accepted.
	var failed error
	if err := raw.Control(func(fd uintptr) { failed = syscall.Listen(int(fd), 0) }); err != nil || failed != nil {
		t.Fatal(err, failed)
	}
	Dial(t, ln.Addr().String()) // takes the only place
}
