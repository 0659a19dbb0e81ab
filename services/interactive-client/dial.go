package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
)

// connection is the part of *net.TCPConn that a talk needs.
type connection interface {
	net.Conn
	// CloseWrite sends FIN: "I have said all I have to say".
	CloseWrite() error
}

// connect opens the connection. Its error is a connectError, or the cause that
// ended ctx. The caller closes the connection.
func connect(ctx context.Context, cfg config) (connection, error) {
	dialer := net.Dialer{Timeout: cfg.timeout}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(cfg.host, cfg.port))
	switch {
	case ctx.Err() != nil:
		if err == nil {
			conn.Close()
		}
		return nil, context.Cause(ctx)
	case err != nil:
		return nil, &connectError{whyUnconnected(cfg, err), err}
	}
	return conn.(*net.TCPConn), nil
}

// connectError says in words why there is no connection, and keeps the error
// that the system gave.
type connectError struct {
	words string
	err   error
}

func (e *connectError) Error() string { return fmt.Sprintf("%s (%v)", e.words, e.err) }
func (e *connectError) Unwrap() error { return e.err }

func whyUnconnected(cfg config, err error) string {
	var name *net.DNSError
	switch {
	case errors.As(err, &name) && name.IsTimeout:
		return fmt.Sprintf("nobody said in time where %s is: does the network work?", cfg.host)
	case errors.As(err, &name):
		return fmt.Sprintf("there is no machine called %s: is the name right, and is its service up?", cfg.host)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("nobody listens on port %s of %s: is the server up?", cfg.port, cfg.host)
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return fmt.Sprintf("no way leads from here to %s: is it up, and on the same network?", cfg.host)
	case errors.Is(err, syscall.ECONNRESET):
		return fmt.Sprintf("%s hung up before the connection was there", cfg.host)
	case isTimeout(err):
		return fmt.Sprintf("%s did not answer on port %s: is it the right machine, and does a firewall swallow the call?",
			cfg.host, cfg.port)
	}
	return fmt.Sprintf("cannot connect to port %s of %s", cfg.port, cfg.host)
}

// whyBroken says in words why a connection that was there is no more.
func whyBroken(err error) error {
	switch {
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return fmt.Errorf("the server broke the connection off, without a goodbye (%w)", err)
	case isTimeout(err):
		return fmt.Errorf("the server does not answer any more: is it gone, or the network? (%w)", err)
	}
	return fmt.Errorf("the connection broke (%w)", err)
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}
