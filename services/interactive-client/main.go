package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"

	"socketlab/kit/dial"
)

func main() {
	ctx, stop := untilSignal(context.Background())
	err := run(ctx, os.Args[1:], console{
		in: os.Stdin, out: os.Stdout, notes: os.Stderr,
		colour: os.Getenv("NO_COLOR") == "", // https://no-color.org
	})
	stop()
	os.Exit(report(os.Stderr, err))
}

func run(ctx context.Context, args []string, person console) error {
	cfg, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		_, err = io.WriteString(person.out, help)
		return err
	}
	if err != nil {
		return err
	}
	conn, err := dial.TCP(ctx, cfg.addr(), cfg.timeout)
	if err != nil {
		return err
	}
	defer conn.Close()
	return talk(ctx, cfg, conn, person)
}
