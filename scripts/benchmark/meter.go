package main

import (
	"context"
	"os"
	"time"
)

// metered is time: the clock's, and the CPU's that was used meanwhile.
type metered struct {
	seconds, server, generator, machine float64
	err                                 error
}

// meterWindow reads the clocks at both ends of the window.
func meterWindow(ctx context.Context, pid int, w window) metered {
	before := readMeters(ctx, pid, w.begin)
	after := readMeters(ctx, pid, w.end)
	for _, m := range []metered{before, after} {
		if m.err != nil {
			return m
		}
	}
	return metered{
		seconds:   after.seconds - before.seconds,
		server:    after.server - before.server,
		generator: after.generator - before.generator,
		machine:   after.machine - before.machine,
	}
}

// readMeters waits until when and reads them.
func readMeters(ctx context.Context, pid int, when time.Time) (m metered) {
	if m.err = sleep(ctx, time.Until(when)); m.err != nil {
		return m
	}
	m.seconds = time.Since(when).Seconds() + float64(when.UnixNano())/1e9
	if m.server, m.err = groupSeconds(pid); m.err != nil {
		return m
	}
	if m.generator, m.err = cpuSeconds(os.Getpid()); m.err != nil {
		return m
	}
	m.machine, m.err = machineSeconds()
	return m
}
