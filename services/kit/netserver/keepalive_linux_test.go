package netserver_test

import (
	"net"
	"testing"

	"golang.org/x/sys/unix"

	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// A peer that is gone without a FIN (half-open) can only be found by asking.
// That the kernel asks is a matter of the accepted socket's options.
func TestAHalfOpenPeerIsFoundByKeepAlive(t *testing.T) {
	ln, err := netserver.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	nettest.Dial(t, ln.Addr().String())
	conn, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	for _, option := range []struct {
		name        string
		level, code int
		want        int
	}{
		{"SO_KEEPALIVE", unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
		{"TCP_KEEPIDLE", unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 30},
		{"TCP_KEEPINTVL", unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 10},
		{"TCP_KEEPCNT", unix.IPPROTO_TCP, unix.TCP_KEEPCNT, 3},
	} {
		var got int
		var failed error
		if err := raw.Control(func(fd uintptr) {
			got, failed = unix.GetsockoptInt(int(fd), option.level, option.code)
		}); err != nil {
			t.Fatal(err)
		}
		if failed != nil || got != option.want {
			t.Errorf("%s is %d (%v), want %d", option.name, got, failed, option.want)
		}
	}
}
