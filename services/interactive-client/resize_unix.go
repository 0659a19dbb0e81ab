//go:build unix

package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// onResize calls fit each time the window has another size, until ctx is done.
func onResize(ctx context.Context, fit func()) {
	resized := make(chan os.Signal, 1)
	signal.Notify(resized, syscall.SIGWINCH)
	defer signal.Stop(resized)
	for {
		fit() // also first: it may have changed before Notify
		select {
		case <-resized:
		case <-ctx.Done():
			return
		}
	}
}
