package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"socketlab/checker/check"
)

// Exit codes. Each means one thing: a script may rely on it.
const (
	exitPassed  = 0
	exitFailed  = 1
	exitUsage   = 2
	exitNobody  = 3   // nobody was there to check
	exitFault   = 4   // the checker's own, or its machine's
	exitStopped = 130 // as a shell says of Ctrl-C
)

// report says why the checker could not finish, and returns the exit code.
func (p console) report(err error) int {
	code := exitCode(err)
	fmt.Fprintf(p.notes, "checker: %v\n", err)
	if code == exitFault {
		fmt.Fprintln(p.notes, "checker: this says nothing about your program: it is the checker, or this machine, that failed")
	}
	return code
}

func exitCode(err error) int {
	var usage *usageError
	var fault *check.Fault
	switch {
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &fault):
		return exitFault
	case check.IsStopped(err):
		return exitStopped
	}
	return exitNobody
}

// untilSignal returns a context that ends at SIGINT, SIGTERM or SIGHUP. stop gives the
// signals their usual effect again.
func untilSignal(parent context.Context) (ctx context.Context, stop func()) {
	return signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
}
