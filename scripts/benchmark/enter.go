package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"golang.org/x/sync/errgroup"
)

// enterAll opens a connection for each of clients, and brings all of them in.
func (p protocol) enterAll(ctx context.Context, addr string, clients []client) ([]net.Conn, error) {
	conns := make([]net.Conn, len(clients))
	entering, ctx := errgroup.WithContext(ctx)
	entering.SetLimit(10) // so many have room in every server's backlog
	for i, who := range clients {
		entering.Go(func() (err error) {
			if conns[i], err = p.dial(ctx, addr, who); err != nil {
				return fmt.Errorf("client %d: %w", i+1, err)
			}
			return nil
		})
	}
	err := entering.Wait()
	if err == nil && p.join != nil {
		err = p.joinAll(conns, clients)
	}
	if err != nil {
		return nil, errors.Join(err, closeAll(conns))
	}
	return conns, nil
}

// dial connects one client and lets it enter.
func (p protocol) dial(ctx context.Context, addr string, who client) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	conn.SetDeadline(time.Now().Add(startLimit))
	if err := p.enter(conn, who); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// joinLimit is how long that may take. 2,000 of them hear two million lines.
const joinLimit = time.Minute

// joinAll lets them join at once. A channel tells each member of all who come
// later, 1,000 of them half a million lines, and a server that has many of them
// to say at once can say them in one write.
func (p protocol) joinAll(conns []net.Conn, clients []client) error {
	deadline := time.Now().Add(joinLimit)
	for i, conn := range conns {
		conn.SetDeadline(deadline)
		if err := say(conn, p.join(clients[i])); err != nil {
			return err
		}
	}
	// After the first time all are in, after the second all have read that.
	for range 2 {
		for _, conn := range conns {
			if err := say(conn, p.ping); err != nil {
				return err
			}
		}
		for i, conn := range conns {
			if err := skipTo(conn, p.pong); err != nil {
				return fmt.Errorf("%s in %s: %w", clients[i].nick, clients[i].channel, err)
			}
		}
	}
	return nil
}

func closeAll(conns []net.Conn) error {
	var errs []error
	for _, conn := range conns {
		if conn != nil { // the server has not let all of them in
			errs = append(errs, conn.Close())
		}
	}
	return errors.Join(errs...)
}
