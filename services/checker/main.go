// Command checker tells learners whether their server or client keeps the
// lab's protocols, over real TCP, whatever language it is written in.
//
// The packages, in reading order: suites (what is checked), check (how, and how
// a verdict comes about), report (how it is shown), mutants (servers that are
// wrong on purpose, which prove the checks).
package main

import (
	"context"
	"os"
)

func main() {
	ctx, stop := untilSignal(context.Background())
	code := run(ctx, os.Args[1:], console{
		out: os.Stdout, notes: os.Stderr,
		colour: os.Getenv("NO_COLOR") == "", // https://no-color.org
	})
	stop()
	os.Exit(code)
}
