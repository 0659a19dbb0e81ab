package main

import (
	"context"
	"net"
	"syscall"
	"testing"

	"socketlab/kit/nettest"
)

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

func TestNobodyAnswers(t *testing.T) {
	host, port, _ := net.SplitHostPort(nettest.Full(t))
	client := piped(t, nil, "-timeout", "300ms", host, port)
	client.exits(3)
	client.err.has(t, "interactive-client: 127.0.0.1 did not answer on port "+port+": is it the right machine")
	client.err.has(t, "i/o timeout)\n")
}

func TestCtrlCWhileConnecting(t *testing.T) {
	addr := nettest.Full(t)
	ctx, leave := context.WithCancelCause(t.Context())
	failed := make(chan error)
	go func() { failed <- run(ctx, []string{"-timeout", "1h", addr}, console{}) }()
	leave(&stopped{syscall.SIGINT})
	if err := <-failed; exitCode(err) != 130 {
		t.Errorf("exit code %d for %v", exitCode(err), err)
	}
}
