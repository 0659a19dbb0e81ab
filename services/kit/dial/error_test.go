package dial

import (
	"errors"
	"net"
	"os"
	"syscall"
	"testing"
)

func TestTheWordsOfAnError(t *testing.T) {
	system := func(errno syscall.Errno) error {
		return &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", errno)}
	}
	for _, test := range []struct {
		addr string
		err  error
		want string
	}{
		{"h:1", system(syscall.ECONNREFUSED), "nobody listens on port 1 of h: is the server up? (dial: connect: connection refused)"},
		{":1", system(syscall.ECONNREFUSED), "nobody listens on port 1 of this machine: is the server up? (dial: connect: connection refused)"},
		{"[::1]:1", system(syscall.ECONNREFUSED), "nobody listens on port 1 of ::1: is the server up? (dial: connect: connection refused)"},
		{"h:1", system(syscall.EHOSTUNREACH), "no way leads from here to h: is it up, and on the same network? (dial: connect: no route to host)"},
		{"h:1", system(syscall.ENETUNREACH), "no way leads from here to h: is it up, and on the same network? (dial: connect: network is unreachable)"},
		{"h:1", system(syscall.ECONNRESET), "h hung up before the connection was there (dial: connect: connection reset by peer)"},
		{"h:1", system(syscall.ETIMEDOUT), "h did not answer on port 1: is it the right machine, and does a firewall swallow the call? (dial: connect: connection timed out)"},
		{"h:1", system(syscall.EPERM), "there is no connection to h:1 (dial: connect: operation not permitted)"},
		{"h:1", &net.DNSError{Err: "server misbehaving", Name: "h"}, "there is no machine called h: is the name right, and is its service up? (lookup h: server misbehaving)"},
		{"h:1", &net.DNSError{Err: "i/o timeout", Name: "h", IsTimeout: true}, "nobody said in time where h is: does the network work? (lookup h: i/o timeout)"},
		{"h", &net.AddrError{Err: "missing port in address", Addr: "h"}, "there is no connection to h (address h: missing port in address)"},
	} {
		err := &Error{wordsFor(test.addr, test.err), test.err}
		if err.Error() != test.want {
			t.Errorf("got  %s\nwant %s", err, test.want)
		}
		if !errors.Is(err, test.err) {
			t.Errorf("%v: the error is lost", err)
		}
	}
}
