package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"socketlab/kit/dial"
)

// Exit codes. A signal n that ended the program makes it 128+n, as in a shell.
const (
	exitOK          = 0
	exitBroken      = 1
	exitUsage       = 2
	exitUnconnected = 3
	exitSignal      = 128
)

// report says what went wrong, if something did, and returns the exit code.
func report(w io.Writer, err error) int {
	code := exitCode(err)
	if code != exitOK && code < exitSignal { // whoever pressed Ctrl-C knows
		fmt.Fprintf(w, "interactive-client: %v\n", err)
	}
	return code
}

func exitCode(err error) int {
	var stop *stopped
	var usage *usageError
	var unconnected *dial.Error
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &stop):
		return exitSignal + int(stop.by)
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &unconnected):
		return exitUnconnected
	}
	return exitBroken
}

// stopped is the cause of a context that a signal has ended, or a key that
// means the same.
type stopped struct{ by syscall.Signal }

func (s *stopped) Error() string { return "stopped: " + s.by.String() }

// untilSignal returns a context that ends, caused by stopped, at the first
// signal that asks a program to end. stop gives the signals their usual effect
// again.
func untilSignal(parent context.Context) (ctx context.Context, stop func()) {
	ctx, end := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	go func() {
		select {
		case sig := <-signals:
			end(&stopped{sig.(syscall.Signal)})
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		end(nil)
	}
}
