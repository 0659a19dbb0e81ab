package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sync/errgroup"
)

// A folder is where a server that is started finds its files.
type folder func() (string, error)

// newFolder is an empty one each time.
func (b builder) newFolder() (string, error) { return os.MkdirTemp(b.dir, "records-") }

// always is the same folder each time.
func always(dir string) folder { return func() (string, error) { return dir, nil } }

// holding is the contender with a stock of so many records.
func (c contender) holding(records int) contender {
	c.records = records
	return c
}

// filled is the contender with its stock. Without one it stays as it is.
func (c contender) filled(ctx context.Context, progress func(string, ...any)) (contender, error) {
	if c.records == 0 || c.missing != "" {
		return c, nil
	}
	progress("%s, filling it with %d records", c.name, c.records)
	full, err := c.fill(ctx, c.records)
	if err != nil {
		return contender{}, fmt.Errorf("%s, filling it with %d records: %w", c.name, c.records, err)
	}
	return full.holding(c.records), nil
}

// fillLimit is how long it may take to fill a server.
const fillLimit = 5 * time.Minute

// pour creates a stock. It does not wait for one answer before it asks for the
// next record, but checks all of them.
func (p protocol) pour(ctx context.Context, addr string, records int) error {
	conn, err := p.dial(ctx, addr, client{})
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(fillLimit))
	both, ctx := errgroup.WithContext(ctx)
	forget := context.AfterFunc(ctx, func() { conn.Close() })
	defer forget()
	both.Go(func() error {
		out := bufio.NewWriter(conn)
		for r := range stock(records) {
			if _, err := out.Write(p.create(r).said); err != nil {
				return err
			}
		}
		if _, err := out.WriteString(p.ping); err != nil {
			return err
		}
		return out.Flush()
	})
	both.Go(func() error {
		in := bufio.NewReader(conn)
		for r := range stock(records) {
			want := p.create(r).heard
			if err := expect(in, want, make([]byte, len(want))); err != nil {
				return err
			}
		}
		return expect(in, []byte(p.pong), make([]byte, len(p.pong)))
	})
	return both.Wait()
}

// writeStock writes a stock as crud-server -import reads it, and closes to.
func writeStock(to io.WriteCloser, records int) error {
	out := bufio.NewWriter(to)
	lines := json.NewEncoder(out)
	for r := range stock(records) {
		line := struct {
			Key     string `json:"key"`
			Version int    `json:"version"`
			Value   string `json:"value"`
		}{string(r.key), 1, string(r.value)}
		if err := lines.Encode(line); err != nil {
			return errors.Join(err, to.Close())
		}
	}
	return errors.Join(out.Flush(), to.Close())
}
