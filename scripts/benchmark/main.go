// Command benchmark measures the lab's servers beside their peers: programs
// that do the same in Node and in C, and what Debian has, on this machine, in
// the same run.
//
//	main.go       flags, signals, one suite after the other
//	suites.go     which there are
//	echo.go       the suite of the echo server: who, under which load, how good
//	upper.go      the same of the upper server
//	chat.go       the same of the chat server
//	crud.go       the same of the crud server
//	contender.go  one server of a comparison: start it, wait for it, end it
//	build.go      from source to contender
//	ngircd.go     the IRC server, from its package to contender
//	socat.go      an echo server in a line of shell
//	redis.go      Redis, from its package to contender
//	fill.go       records that a server has before it is measured
//	record.go     which those are
//	protocol.go   what clients say and hear; every byte is checked
//	enter.go      bringing all clients in
//	chatter.go    the protocols of those that chat
//	keeper.go     the protocols of those that keep records
//	messages.go   what clients say
//	script.go     in which order they say it
//	load.go       what the load generator does
//	exchange.go   a load: each client waits for its answer
//	fanout.go     a load: one speaks, many listen
//	room.go       one channel of that: its speaker and its listeners
//	times.go      delivery times, from thousands of goroutines
//	turns.go      A B C, A B C …: measuring in turns
//	meter.go      CPU time in a window
//	calm.go       others use this machine too
//	idle.go       memory and descriptors of clients that say nothing
//	hold.go       start and memory of a server that holds many records
//	proc.go       what Linux knows about a process
//	figure.go     what a measurement says: rates, CPU time per message
//	series.go     medians and ratios of rounds
//	target.go     good enough or not
//	machine.go    where the figures come from
//	report.go     all figures, for --json
//	table.go      the same for people
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(exitCode(run(ctx, os.Args[1:], os.Stdout, os.Stderr), os.Stderr))
}

// errUsage has been explained to the user already.
var errUsage = errors.New("wrong usage")

func exitCode(err error, stderr io.Writer) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return 2
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "bench: interrupted")
		return 130
	}
	fmt.Fprintln(stderr, "bench:", err)
	return 1
}

// options are the command line.
type options struct {
	suites     []namedSuite
	quick      bool
	json       string
	checkout   string
	serverCore string
}

// parse reads the command line.
func parse(args []string, stderr io.Writer) (options, error) {
	o := options{suites: allSuites()}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&o.quick, "quick", false, "one short round, all suites in two minutes: to see that it works")
	flags.StringVar(&o.json, "json", "", "also write all figures to `FILE`")
	flags.StringVar(&o.checkout, "checkout", ".", "the lab's `directory`")
	flags.StringVar(&o.serverCore, "server-core", "", "the `core` that servers run on; empty: any")
	flags.Usage = func() {
		fmt.Fprintf(stderr, "Usage: scripts/bench [%s] [flags]\n\nWithout a name it runs all suites, one after the other.\n\n",
			strings.Join(names(allSuites()), "|"))
		flags.PrintDefaults()
		fmt.Fprint(stderr, "  -install\n    \tfirst get the peers that are missing, as scripts/bench describes\n")
	}
	err := flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		o.suites = named(flags.Arg(0))
		err = flags.Parse(flags.Args()[1:]) // flags may come after it
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		return o, err
	case err != nil:
		return o, errUsage
	case len(o.suites) == 0 || flags.NArg() > 0:
		flags.Usage()
		return o, errUsage
	}
	return o, nil
}

// run does all that a command line asks for.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	opts, err := parse(args, stderr)
	if err != nil {
		return err
	}
	if runtime.GOOS != "linux" {
		return errors.New("needs Linux: CPU time and memory are read from /proc")
	}
	dir, err := os.MkdirTemp("", "socketlab-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	progress := func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }
	build := builder{opts.checkout, dir, opts.serverCore}
	var done reports
	for _, s := range opts.suites {
		report, err := s.run(ctx, build, paceOf(opts.quick), progress)
		if err != nil {
			return err
		}
		report.print(stdout)
		done = append(done, report)
	}
	if opts.json == "" {
		return nil
	}
	return done.save(opts.json)
}
