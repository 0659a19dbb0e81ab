package main

import (
	"context"
	"errors"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"socketlab/kit/nettest"
)

func TestWhyUnconnected(t *testing.T) {
	system := func(errno syscall.Errno) error {
		return &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", errno)}
	}
	for _, test := range []struct {
		err  error
		want string
	}{
		{system(syscall.ECONNREFUSED), "nobody listens on port 1 of h: is the server up? (dial: connect: connection refused)"},
		{system(syscall.EHOSTUNREACH), "no way leads from here to h: is it up, and on the same network? (dial: connect: no route to host)"},
		{system(syscall.ENETUNREACH), "no way leads from here to h: is it up, and on the same network? (dial: connect: network is unreachable)"},
		{system(syscall.ECONNRESET), "h hung up before the connection was there (dial: connect: connection reset by peer)"},
		{system(syscall.ETIMEDOUT), "h did not answer on port 1: is it the right machine, and does a firewall swallow the call? (dial: connect: connection timed out)"},
		{system(syscall.EPERM), "cannot connect to port 1 of h (dial: connect: operation not permitted)"},
		{&net.DNSError{Err: "server misbehaving", Name: "h"}, "there is no machine called h: is the name right, and is its service up? (lookup h: server misbehaving)"},
		{&net.DNSError{Err: "i/o timeout", Name: "h", IsTimeout: true}, "nobody said in time where h is: does the network work? (lookup h: i/o timeout)"},
	} {
		err := &connectError{whyUnconnected(config{host: "h", port: "1"}, test.err), test.err}
		if err.Error() != test.want {
			t.Errorf("got  %s\nwant %s", err, test.want)
		}
		if !errors.Is(err, test.err) || exitCode(err) != 3 {
			t.Errorf("%v: the error is lost, or the exit code is %d", err, exitCode(err))
		}
	}
}

func TestWhyBroken(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{syscall.ECONNRESET, "the server broke the connection off, without a goodbye (connection reset by peer)"},
		{syscall.EPIPE, "the server broke the connection off, without a goodbye (broken pipe)"},
		{syscall.ETIMEDOUT, "the server does not answer any more: is it gone, or the network? (connection timed out)"},
		{syscall.EBADF, "the connection broke (bad file descriptor)"},
	} {
		err := whyBroken(test.err)
		if err.Error() != test.want || !errors.Is(err, test.err) || exitCode(err) != 1 {
			t.Errorf("got %v, exit code %d", err, exitCode(err))
		}
	}
}

func TestNobodyListens(t *testing.T) {
	server := listen(t)
	server.ln.Close()
	client := piped(t, nil, "127.0.0.1:"+server.port)
	client.exits(3)
	client.err.has(t, "interactive-client: nobody listens on port "+server.port+" of 127.0.0.1: is the server up? (dial tcp")
	client.err.has(t, "connection refused)\n")
}

func TestNoSuchHost(t *testing.T) {
	client := piped(t, nil, "there.invalid", "8124") // .invalid never exists: RFC 2606
	client.exits(3)
	client.err.has(t, "interactive-client: there is no machine called there.invalid: is the name right, and is its service up? (")
}

// full listens, and has no place for another caller: its kernel answers none.
func full(t *testing.T) (port string) {
	t.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(fd), "listener")
	t.Cleanup(func() { file.Close() })
	ln, err := net.FileListener(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	nettest.Dial(t, ln.Addr().String()) // takes the only place
	_, port, _ = net.SplitHostPort(ln.Addr().String())
	return port
}

func TestNobodyAnswers(t *testing.T) {
	port := full(t)
	client := piped(t, nil, "-timeout", "300ms", "127.0.0.1", port)
	client.exits(3)
	client.err.has(t, "interactive-client: 127.0.0.1 did not answer on port "+port+": is it the right machine")
	client.err.has(t, "i/o timeout)\n")
}

func TestCtrlCWhileConnecting(t *testing.T) {
	port := full(t)
	ctx, leave := context.WithCancelCause(t.Context())
	failed := make(chan error)
	go func() {
		_, err := connect(ctx, config{host: "127.0.0.1", port: port, timeout: time.Hour})
		failed <- err
	}()
	leave(&stopped{syscall.SIGINT})
	if err := <-failed; exitCode(err) != 130 {
		t.Errorf("exit code %d for %v", exitCode(err), err)
	}
}
