package main

import (
	"context"
	"fmt"
	"slices"
)

// The loads. Many clients with small messages show what a message costs,
// few with large ones what a byte costs.
const (
	small = "64 B, 50 connections"
	large = "64 KiB, 4 connections"
	shown = "64 B, 50 connections, each message logged"
)

// The contenders.
const (
	manual      = "echo-server manual"
	pipe        = "echo-server pipe"
	manualDebug = "echo-server manual, debug"
	nodeData    = "node data"
	nodePipe    = "node pipe"
	nodeLog     = "node data, console.log"
	epollC      = "C epoll"
	socat       = "socat, a process a client"
)

// echoSuite compares the echo server with what the Node guide would write,
// with what C can do, and with a line of shell.
func echoSuite(ctx context.Context, b builder) (suite, error) {
	binary, err := b.goService(ctx, "echo-server")
	if err != nil {
		return suite{}, err
	}
	c, err := b.inC(ctx, epollC, echoes(), "epoll_echo.c")
	if err != nil {
		return suite{}, err
	}
	echo := func(name, mode, level string) contender {
		return b.service(name, echoes(), binary, "ECHO_ADDR", "ECHO_MODE="+mode, "LOG_LEVEL="+level, "MAX_CONNS=20000")
	}
	byHand, byPipe := echo(manual, "manual", "warn"), echo(pipe, "pipe", "warn")
	byPipe.perConn = 3 // two of them are the kernel's pipe that splice(2) needs
	data, piped := b.inNode(nodeData, echoes(), "echo.js", "data"), b.inNode(nodePipe, echoes(), "echo.js", "pipe")
	all := []contender{byHand, byPipe, data, piped, c, b.socat()}
	steps := []int{0, 1000, 10000}

	return suite{
		trials: []trial{
			{exchange{small, 50, 64, repeating(pieces)}, all},
			{exchange{large, 4, 64 << 10, repeating(pieces)}, all},
			{exchange{shown, 50, 64, repeating(pieces)}, []contender{
				echo(manualDebug, "manual", "debug"), b.inNode(nodeLog, echoes(), "echo.js", "log"),
			}},
		},
		headline: func(r *report) string {
			return fmt.Sprintf("**Echo**: a message of 64 B costs the lab's server %s of the CPU time that it costs Node, and %s of "+
				"what it costs a loop in C; one of 64 KiB, by `pipe`, %s and %s.",
				r.times(small, cpuPerMessage(), manual, nodeData), r.times(small, cpuPerMessage(), manual, epollC),
				r.times(large, cpuPerMessage(), pipe, nodePipe), r.times(large, cpuPerMessage(), pipe, epollC))
		},
		bars: slices.Concat(barsOf("echo, 64 B", small, manual, nodeData, epollC, socat),
			barsOf("echo, 64 KiB", large, pipe, nodePipe, epollC, socat),
			barsOf("echo, 64 B, logged", shown, manualDebug, nodeLog)),
		growths: []growth{{
			title: "64 B, and more and more connections", of: "connections", sizes: []int{1, 10, 100, 1000, 10_000},
			load:       func(title string, n int) load { return exchange{title, n, 64, repeating(pieces)} },
			contenders: []contender{byHand, data, c},
		}, {
			title: "4 connections, and larger and larger messages", of: "bytes", sizes: []int{64, 1 << 10, 16 << 10, 64 << 10},
			load:       func(title string, n int) load { return exchange{title, 4, n, repeating(pieces)} },
			contenders: []contender{byHand, byPipe, piped, c},
		}},
		idlers: []idler{{byHand, steps}, {byPipe, steps}, {data, steps}, {c, steps}},
		ratios: []ratio{
			{large, messageRate(), pipe, epollC, atLeast(0.85)},
			{large, cpuPerMessage(), pipe, nodePipe, atMost(0.6)},
			{large, messageRate(), manual, pipe, atLeast(0.6)},
			{small, cpuPerMessage(), manual, nodeData, atMost(0.8)},
			{shown, cpuPerMessage(), manualDebug, nodeLog, atMost(0.8)},
		},
		idleBounds: []idleBound{
			{manual, 10000, "resident MB", residentMB, atMost(80)},
			{manual, 10000, "descriptors a connection", perConnection, exactly(1)},
		},
	}, nil
}
