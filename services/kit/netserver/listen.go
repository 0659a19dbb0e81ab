package netserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"time"
)

// Listen opens a TCP listener on addr, `:8124` or `127.0.0.1:8124`; port 0
// lets the system choose. Where the port is taken the error says by whom, as
// far as this user may know it. The caller owns the listener; Serve closes it.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	// Keep-alive finds a peer that went away without a word (its cable
	// pulled, its lid closed) within about a minute; tcp(7), TCP_KEEPIDLE.
	config := net.ListenConfig{KeepAliveConfig: net.KeepAliveConfig{
		Enable:   true,
		Idle:     30 * time.Second,
		Interval: 10 * time.Second,
		Count:    3,
	}}
	ln, err := config.Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("cannot listen on %s: the port is taken by %s; stop that, or choose another port: %w",
			addr, ownerOf(addr), err)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", addr, err)
	}
	return ln, nil
}

// ownerOf names the process that listens on addr's port.
func ownerOf(addr string) string {
	const unknown = "another program"
	_, service, err := net.SplitHostPort(addr)
	if err != nil {
		return unknown
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return unknown
	}
	if owner := portOwner(uint16(port)); owner != "" {
		return owner
	}
	return unknown
}
