package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/sirupsen/logrus"

	"socketlab/crud-server/store"
	"socketlab/kit/boot"
	"socketlab/kit/netserver"
)

func run(ctx context.Context, cfg config, log *logrus.Logger) error {
	switch {
	case cfg.dump && cfg.importFrom != "":
		return &boot.ExitError{Code: 2, Err: errors.New("-dump and -import: one at a time")}
	case cfg.dump:
		return dump(ctx, cfg.data, os.Stdout)
	case cfg.importFrom != "":
		return importFile(ctx, cfg.data, cfg.importFrom, log)
	}
	return serve(ctx, cfg, log)
}

// serve listens first: a server that cannot have the port need not open the
// store. Who connects before the store is open waits in the backlog.
func serve(ctx context.Context, cfg config, log *logrus.Logger) error {
	ln, err := netserver.Listen(ctx, cfg.addr)
	if err != nil {
		return err
	}
	defer ln.Close()
	began := time.Now()
	records, err := store.Open(cfg.data, log)
	if err != nil {
		return fmt.Errorf("cannot open the records: %w", err)
	}
	log.WithFields(logrus.Fields{
		"file":    cfg.data,
		"records": records.Len(),
		"took":    time.Since(began).Round(time.Millisecond),
	}).Info("Records opened")
	server := netserver.Server{Handler: handlerFor(records), Limits: cfg.limits, Log: log, Quiet: boot.IsProbe}
	err = server.Serve(ctx, ln)
	return errors.Join(err, records.Close())
}

// dump prints what export prints, without its last line.
func dump(ctx context.Context, data string, to io.Writer) error {
	records, err := store.OpenToRead(data)
	if err != nil {
		return fmt.Errorf("cannot read the records: %w", err)
	}
	out := outbox{to: to}
	err = records.Each("", func(r store.Record) error {
		return errors.Join(ctx.Err(), out.addJSON(r))
	})
	return errors.Join(err, out.flush(), records.Close())
}

// importFile takes `-` for what comes in: a file that a container cannot see.
func importFile(ctx context.Context, data, from string, log *logrus.Logger) error {
	file, shown := os.Stdin, "standard input"
	if from != "-" {
		shown = from
		var err error
		if file, err = os.Open(from); err != nil {
			return err
		}
		defer file.Close()
	}
	lines := jsonLines{in: file}
	count, err := store.Import(data, lines.records(ctx))
	switch {
	case errors.Is(err, store.ErrExists), errors.Is(err, store.ErrTwice):
		return fmt.Errorf("nothing was imported: %s, line %d: %w", shown, lines.count, err)
	case err != nil:
		return fmt.Errorf("nothing was imported: %w", err)
	}
	log.WithFields(logrus.Fields{"file": shown, "records": count}).Info("Imported")
	return nil
}
