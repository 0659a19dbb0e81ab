package dial

import (
	"context"
	"net"
	"time"
)

// TCP connects to addr, HOST:PORT; without a HOST it is this machine. It tries
// once, and no longer than timeout.
//
// Its error is an *Error or, where ctx ended first, context.Cause(ctx). The
// caller closes the connection, which does not end with ctx.
func TCP(ctx context.Context, addr string, timeout time.Duration) (*net.TCPConn, error) {
	// A Dialer's own Timeout would not do: 0, which is left to a caller who
	// tries until a certain time, means no limit there.
	trying, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(trying, "tcp", addr)
	switch {
	case ctx.Err() != nil:
		if err == nil {
			conn.Close()
		}
		return nil, context.Cause(ctx)
	case err != nil:
		return nil, &Error{wordsFor(addr, err), err}
	}
	return conn.(*net.TCPConn), nil
}
