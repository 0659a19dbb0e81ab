package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"github.com/sirupsen/logrus"

	"socketlab/kit/boot"
)

// Exit codes beside boot's 0 and 1.
const (
	exitUsage       = 2 // a wrong flag, setting or script; nothing was started
	exitUnconnected = 3 // there was no server to talk to
)

// An exitError is an error with an exit code of its own.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// start is boot.Main for a program that people start by hand: with flags, and
// with exit codes that tell a script what went wrong. It takes the flags off
// the command line and leaves the rest to boot.
func start(flags func(*flag.FlagSet), p boot.Program) int {
	set := flag.NewFlagSet(p.Name, flag.ContinueOnError)
	flags(set)
	left := os.Args[:1]
	switch err := set.Parse(os.Args[1:]); {
	case errors.Is(err, flag.ErrHelp):
		left = append(left[:1:1], "-help") // and then boot's part of it
	case err != nil:
		return exitUsage
	case set.NArg() > 0:
		fmt.Fprintf(os.Stderr, "%s: takes flags only, got %q; see -help\n", p.Name, set.Args())
		return exitUsage
	}
	os.Args = left

	var failure error
	run := p.Run
	p.Run = func(ctx context.Context, log *logrus.Logger) error {
		failure = run(ctx, log)
		return failure
	}
	code := boot.Main(p)
	if coded := (*exitError)(nil); errors.As(failure, &coded) {
		return coded.code
	}
	return code
}
