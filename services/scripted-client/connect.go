package main

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/sirupsen/logrus"

	"socketlab/kit/boot"
	"socketlab/kit/dial"
)

// betweenTries is the pause after a failed try to connect.
const betweenTries = 200 * time.Millisecond

// connect connects to addr. A server that was started a moment ago may not
// listen yet, and its name may not be known yet: so it tries again and again,
// until limit is over. The caller closes the connection.
func connect(ctx context.Context, addr string, limit time.Duration, log *logrus.Logger) (*net.TCPConn, error) {
	end, over := time.Now().Add(limit), time.After(limit)
	pause := time.NewTicker(betweenTries)
	defer pause.Stop()

	var why error
	for {
		conn, err := dial.TCP(ctx, addr, time.Until(end))
		switch {
		case err == nil:
			return conn, nil
		case ctx.Err() != nil:
			return nil, errStopped
		}
		// That the time is over tells less than what failed before.
		outOfTime := time.Until(end) <= 0
		if why == nil && !outOfTime {
			log.WithField("why", err).Warnf("Not connected yet, trying for %v", limit)
		}
		if why == nil || !outOfTime {
			why = err
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
			return nil, errStopped
		case <-over:
			return nil, &boot.ExitError{Code: exitUnconnected, Err: fmt.Errorf("cannot connect: %w", why)}
		}
	}
}
