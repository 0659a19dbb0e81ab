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
//	report.go     all figures of a suite, for --json
//	growth.go     how the cost grows: a load at several sizes
//	lab.go        the suite of the lab as a whole, in Docker
//	labbuild.go   how long building takes, and how large the images are
//	labidle.go    how long up takes, and what the idle lab uses
//	labwatch.go   from an edit to a server that has it
//	labrun.go     commands of a lab of its own, and its end
//	engine.go     what Docker's engine knows about containers
//	tables.go     which tables there are
//	table.go      a table as text, and as Markdown
//	print.go      a report for people at a terminal
//	page.go       BENCHMARKS.md
//	reasons.md    why targets are missed, for that page
//	chart.go      its charts
//	compare.go    two runs side by side
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
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
	all        bool // no suite was named
	quick      bool
	json       string
	write      string // folder
	from       string // file
	compare    []string
	checkout   string
	serverCore string
}

const usage = `Usage: scripts/bench [%s] [flags]
       scripts/bench [SUITE] --from FILE
       scripts/bench --compare OLD NEW

Without a name it runs all suites, one after the other; where nothing else runs, that takes 20 minutes. Then it writes
into the lab: BENCHMARKS.md, its charts, and all figures as JSON. A run that is quick, or of one suite, writes nothing
unasked. With the figures of an earlier run (--from) that writes too: after reasons.md was edited, or a server made faster.

  -install
    	first get the peers that are missing, as scripts/bench describes
  -compare
    	show two files of figures side by side
`

// parse reads the command line.
func parse(args []string, stderr io.Writer) (options, error) {
	o := options{suites: allSuites(), all: true}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	comparing := flags.Bool("compare", false, "")
	flags.BoolVar(&o.quick, "quick", false, "one short round, at few sizes: to see that it works")
	flags.StringVar(&o.json, "json", "", "also write all figures to `FILE`")
	flags.StringVar(&o.write, "write", "", "write the page, charts and figures below `DIR`")
	flags.StringVar(&o.from, "from", "", "take the figures of an earlier run from `FILE`; measure the named suite anew, or none")
	flags.StringVar(&o.checkout, "checkout", ".", "the lab's `directory`; scripts/bench says which")
	flags.StringVar(&o.serverCore, "server-core", "", "the `core` that servers run on, empty for any; scripts/bench chooses it")
	flags.Usage = func() {
		fmt.Fprintf(stderr, usage, strings.Join(names(allSuites()), "|"))
		flags.VisitAll(func(f *flag.Flag) {
			if f.Usage != "" {
				name, what := flag.UnquoteUsage(f)
				fmt.Fprintf(stderr, "  -%s %s\n    \t%s\n", f.Name, name, what)
			}
		})
	}
	err := flags.Parse(args)
	if err == nil && *comparing {
		o.compare = flags.Args()
		if len(o.compare) != 2 {
			fmt.Fprintln(stderr, "bench: --compare takes two files, OLD and NEW")
			return o, errUsage
		}
		return o, nil
	}
	if err == nil && flags.NArg() > 0 {
		o.suites, o.all = named(flags.Arg(0)), false
		err = flags.Parse(flags.Args()[1:]) // flags may come after it
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		return o, err
	case err != nil:
		return o, errUsage
	case len(o.suites) == 0 || flags.NArg() > 0 || *comparing:
		flags.Usage()
		return o, errUsage
	}
	if o.from != "" && o.all {
		o.suites = nil
	}
	if o.write == "" && !o.quick && (o.all || o.from != "") {
		o.write = o.checkout
	}
	return o, nil
}

// run does all that a command line asks for.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	opts, err := parse(args, stderr)
	if err != nil {
		return err
	}
	progress := func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }
	if len(opts.compare) > 0 {
		return compareFiles(stdout, opts.compare[0], opts.compare[1])
	}
	var all reports
	if opts.from != "" {
		if all, err = loadReports(opts.from); err != nil {
			return err
		}
	}
	measured, err := opts.measure(ctx, stdout, progress)
	all = all.with(measured)
	if opts.json != "" && len(all) > 0 { // also where a later suite has failed
		err = errors.Join(err, all.save(opts.json))
	}
	if err != nil || opts.write == "" {
		return err
	}
	progress("writing %s, its figures and its charts", filepath.Join(opts.write, pageFile))
	return all.publish(opts.write)
}

// measure runs the suites, and prints each as soon as it is done. It returns
// those that are, also when another one fails.
func (o options) measure(ctx context.Context, stdout io.Writer, progress func(string, ...any)) (all reports, err error) {
	if len(o.suites) == 0 {
		return nil, nil
	}
	if runtime.GOOS != "linux" {
		return nil, errors.New("needs Linux: CPU time and memory are read from /proc")
	}
	dir, err := os.MkdirTemp("", "socketlab-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if o.all && !o.quick {
		progress("all suites: 20 minutes, or more where others use this machine")
	}
	build := builder{o.checkout, dir, o.serverCore}
	for _, s := range o.suites {
		began := time.Now()
		report, err := s.run(ctx, build, paceOf(o.quick), progress)
		if err != nil {
			// A program that was ended with us says no more than that it was killed.
			return all, errors.Join(ctx.Err(), fmt.Errorf("suite %s: %w", s.name, err))
		}
		progress("%s took %s", s.name, time.Since(began).Round(time.Second))
		report.print(stdout)
		all = append(all, report)
	}
	return all, nil
}
