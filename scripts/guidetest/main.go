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
	"syscall"
	"time"
)

const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// options are the command line.
type options struct {
	root, project string
	limits        limits
	verbose, list bool
	keep, down    bool
	prefixes      []string
}

func parseOptions(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("guidetest", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: guidetest [flags] [lesson-prefix ...]")
		flags.PrintDefaults()
	}
	flags.StringVar(&o.project, "project", fmt.Sprintf("%s-guide-%d", labName, os.Getpid()), "Compose project to run the lab under")
	flags.StringVar(&o.root, "root", "", "tree with lab-guide in it (default: the checkout around here)")
	flags.DurationVar(&o.limits.normal, "timeout", 20*time.Second, "limit of one wait")
	flags.DurationVar(&o.limits.slow, "slow-timeout", 180*time.Second, "limit of one wait after docker compose up and the like")
	flags.DurationVar(&o.limits.quiet, "quiet", 2*time.Second, "silence after which a program that should end counts as one that stays")
	flags.BoolVar(&o.verbose, "v", false, "show on stderr what the terminals show, as it happens")
	flags.BoolVar(&o.list, "list", false, "list the blocks and run nothing")
	flags.BoolVar(&o.keep, "keep", false, "leave the containers of a lesson as they are")
	flags.BoolVar(&o.down, "down", false, "take down what -keep has left of -project, and run nothing")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	o.prefixes = flags.Args()
	if o.limits.normal <= 0 || o.limits.slow <= 0 || o.limits.quiet <= 0 {
		err := fmt.Errorf("-timeout, -slow-timeout and -quiet must be more than 0")
		fmt.Fprintln(stderr, "guidetest:", err)
		return o, err
	}
	return o, nil
}

// run is the whole program. env is the caller's environment, as os.Environ returns it.
func run(ctx context.Context, args, env []string, stdout, stderr io.Writer) int {
	o, err := parseOptions(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err != nil {
		return exitUsage
	}
	if o.root == "" {
		o.root, err = toplevel(ctx, ".")
	} else {
		o.root, err = filepath.Abs(o.root)
	}
	var lessons []lesson
	if err == nil {
		lessons, err = findLessons(o.root, o.prefixes)
	}
	if err != nil {
		fmt.Fprintln(stderr, "guidetest:", err)
		return exitUsage
	}
	if o.list {
		listBlocks(stdout, lessons)
		return exitOK
	}
	g := &guide{root: o.root, project: o.project, env: environment(env, o.project), limits: o.limits, keep: o.keep, stdout: stdout}
	g.tee = func(string) io.Writer { return io.Discard }
	if o.verbose {
		g.tee = (&stream{out: stderr}).of
	}
	if o.down {
		return takeDownOnly(ctx, g, stderr)
	}
	if g.play(ctx, lessons) > 0 || ctx.Err() != nil {
		return exitFailed
	}
	return exitOK
}

func takeDownOnly(ctx context.Context, g *guide, stderr io.Writer) int {
	if err := g.takeDown(ctx, g.root); err != nil {
		fmt.Fprintln(stderr, "guidetest:", err)
		return exitFailed
	}
	return exitOK
}

func listBlocks(stdout io.Writer, lessons []lesson) {
	for _, l := range lessons {
		for _, b := range l.blocks {
			what := "terminal=" + b.terminal
			if b.edit != nil {
				what = "file=" + b.edit.file
			}
			if b.skip != "" {
				what += " skip=" + b.skip
			}
			fmt.Fprintf(stdout, "%s:%d %s\n", l.path, b.line, what)
		}
	}
}
