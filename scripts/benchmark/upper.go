package main

import (
	"bytes"
	"context"
	"fmt"
)

// The loads of the upper server. A message is a line.
const (
	asciiLoad    = "lines of 64 B, 50 connections"
	accentedLoad = "lines of 64 B with ä, ß, é, 50 connections"
)

// The contenders.
const (
	upperLines = "upper-server lines"
	upperRaw   = "upper-server raw"
	nodeLines  = "node lines"
	nodeRaw    = "node raw"
)

// upperSuite compares the upper server with the same few lines in Node.
func upperSuite(ctx context.Context, b builder) (suite, error) {
	binary, err := b.goService(ctx, "upper-server")
	if err != nil {
		return suite{}, err
	}
	upper := func(name, wire string, p protocol) contender {
		return b.service(name, p, binary, "UPPER_ADDR", "UPPER_WIRE="+wire, "LOG_LEVEL=warn", "MAX_CONNS=20000")
	}
	lines, raw := saysLines(), saysRaw()
	ours, theirs := upper(upperLines, "lines", lines), b.inNode(nodeLines, lines, "upper.js", "lines")

	return suite{
		trials: []trial{
			{exchange{asciiLoad, 50, 64, repeating(asciiLines)}, []contender{
				ours, theirs, upper(upperRaw, "raw", raw), b.inNode(nodeRaw, raw, "upper.js", "raw"),
			}},
			{exchange{accentedLoad, 50, 64, repeating(accentedLines)}, []contender{ours, theirs}},
		},
		headline: func(r *report) string {
			return fmt.Sprintf("**Upper**: a line costs the lab's server %s of the CPU time that it costs Node, with accents %s.",
				r.times(asciiLoad, cpuPerMessage(), upperLines, nodeLines), r.times(accentedLoad, cpuPerMessage(), upperLines, nodeLines))
		},
		bars: append(barsOf("upper, lines", asciiLoad, upperLines, nodeLines),
			barsOf("upper, with accents", accentedLoad, upperLines, nodeLines)...),
		ratios: []ratio{
			{asciiLoad, messageRate(), upperLines, nodeLines, atLeast(1.5)},
			{asciiLoad, cpuPerMessage(), upperLines, nodeLines, anything()},
			{accentedLoad, messageRate(), upperLines, nodeLines, anything()},
			{accentedLoad, cpuPerMessage(), upperLines, nodeLines, anything()},
		},
	}, nil
}

const greeting = "Hello from the server!\n"

// saysLines answers with the capitals and QUIT, a line each.
func saysLines() protocol {
	return answers(greeting, func(line []byte) []byte { return append(capitals(line), "QUIT\n"...) })
}

// saysRaw answers with the capitals of what a read found, and QUIT without an
// end of its own. A client that waits for each answer can rely on it: there is
// but one short message under way, which the server finds in one read.
func saysRaw() protocol {
	return answers(greeting, func(chunk []byte) []byte { return append(capitals(chunk), "QUIT"...) })
}

// capitals goes another way than the servers, that they may not share a
// mistake. ß is the one letter of messages.go with two capitals; bytes.ToUpper,
// which maps letter by letter, leaves it.
func capitals(text []byte) []byte {
	return bytes.ReplaceAll(bytes.ToUpper(text), []byte("ß"), []byte("SS"))
}
