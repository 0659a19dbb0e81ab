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
		if got := optionOf(t, conn, option.level, option.code); got != option.want {
			t.Errorf("%s is %d, want %d", option.name, got, option.want)
		}
	}
}

// optionOf is getsockopt(2) of a TCP connection.
func optionOf(t *testing.T, conn net.Conn, level, code int) (value int) {
	t.Helper()
	raw, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var failed error
	if err := raw.Control(func(fd uintptr) {
		value, failed = unix.GetsockoptInt(int(fd), level, code)
	}); err != nil || failed != nil {
		t.Fatal(err, failed)
	}
	return value
}

// remembering is a listener that keeps what it has accepted.
type remembering struct {
	net.Listener
	accepted chan net.Conn
}

func (r remembering) Accept() (net.Conn, error) {
	conn, err := r.Listener.Accept()
	if err == nil {
		r.accepted <- conn
	}
	return conn, err
}

func TestTheKernelKeepsNoMoreForAPeerThanItIsTold(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	accepted := make(chan net.Conn, 1)
	server := nettest.ServeOn(t, &netserver.Server{Handler: echo, SendBuffer: 32 << 10}, remembering{ln, accepted})
	alice := nettest.Dial(t, server.Addr)
	alice.Send("x")
	alice.Expect("x")
	if got := optionOf(t, <-accepted, unix.SOL_SOCKET, unix.SO_SNDBUF); got != 64<<10 {
		t.Errorf("SO_SNDBUF is %d", got)
	}
}
