package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"

	"socketlab/kit/boot"
)

// betweenTries is the pause after a failed try to connect.
const betweenTries = 200 * time.Millisecond

// connect connects to addr. A server that was started a moment ago may not
// listen yet, and its name may not be known yet: so it tries again and again,
// until limit is over. The caller closes the connection.
func connect(ctx context.Context, addr string, limit time.Duration, log *logrus.Logger) (*net.TCPConn, error) {
	trying, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	pause := time.NewTicker(betweenTries)
	defer pause.Stop()

	var why string
	for {
		conn, err := new(net.Dialer).DialContext(trying, "tcp", addr)
		if err == nil {
			return conn.(*net.TCPConn), nil
		}
		outOfTime := errors.Is(err, context.DeadlineExceeded)
		if why == "" && !outOfTime {
			log.WithField("why", noConnection(addr, err)).Warnf("Not connected yet, trying for %v", limit)
		}
		if why == "" || !outOfTime {
			why = noConnection(addr, err)
		}
		select {
		case <-pause.C:
		case <-trying.Done():
			if ctx.Err() != nil {
				return nil, errStopped
			}
			return nil, &boot.ExitError{Code: exitUnconnected, Err: fmt.Errorf("cannot connect: %s", why)}
		}
	}
}

// noConnection says what a failed try to connect means.
func noConnection(addr string, err error) string {
	var name *net.DNSError
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Sprintf("nobody listens at %s; is the server up, and is that its port?", addr)
	case errors.As(err, &name):
		return fmt.Sprintf("there is no machine called %q; is the name right, and is it up?", name.Name)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("no sign of life from %s; is the address right?", addr)
	}
	return err.Error()
}
