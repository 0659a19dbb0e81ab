package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"socketlab/checker/check"
	"socketlab/checker/report"
	"socketlab/checker/suites"
)

// console is where the person who has started the checker looks.
type console struct {
	out    io.Writer // the results
	notes  io.Writer // what went wrong with the checker
	colour bool      // wanted, where out is a terminal
}

// run does what the command line asks for and returns the exit code.
func run(ctx context.Context, arguments []string, person console) int {
	cfg, err := parse(arguments)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(person.out, help)
		listSuites(person.out)
		return exitPassed
	case err != nil:
		return person.report(err)
	case cfg.list:
		listChecks(person.out, cfg.suites)
		return exitPassed
	}
	results, err := checkAll(ctx, cfg, person)
	if written := write(cfg, results, person.out); err == nil && written != nil {
		err = &check.Fault{Err: fmt.Errorf("cannot write the results: %w", written)}
	}
	if err != nil {
		code := person.report(err)
		if advice := cfg.advice(err); code == exitNobody && advice != "" {
			fmt.Fprintln(person.notes, "checker:", advice)
		}
		return code
	}
	for _, r := range results {
		if !r.Passed() {
			return exitFailed
		}
	}
	return exitPassed
}

// checkAll runs the suites. The error is the first that ended one of them.
func checkAll(ctx context.Context, cfg config, person console) (results []*check.Result, err error) {
	for _, suite := range cfg.suites {
		r, failed := check.Run(ctx, suite, cfg.options(suite, watcher(cfg, person)))
		results = append(results, r)
		if failed != nil {
			return results, failed
		}
		if !r.Passed() && !cfg.all {
			break
		}
	}
	return results, nil
}

func (c config) options(suite *check.Suite, watch check.Watcher) check.Options {
	return check.Options{
		Target: c.targetOf(suite), Command: c.run, Seed: c.seed, All: c.all, Wait: c.waitOf(suite),
		Limits: check.Limits{Answer: c.timeout}, Watch: watch,
	}
}

// watcher tells people what happens; programs that read JSON or TAP want to
// know it at the end alone.
func watcher(cfg config, person console) check.Watcher {
	if cfg.json || cfg.tap {
		return silent{}
	}
	width := 0
	file, live := person.out.(*os.File)
	if live {
		var err error
		width, _, err = term.GetSize(int(file.Fd()))
		live = err == nil // it is a terminal
	}
	return &report.People{
		Out: person.out, Live: live, Width: width, Colour: live && person.colour, Hint: cfg.hint,
		Again: cfg.again, Next: cfg.next,
	}
}

// silent is a check.Watcher that says nothing.
type silent struct{}

func (silent) Begin(*check.Result)                         {}
func (silent) Connecting(error, time.Duration)             {}
func (silent) Waiting(*check.Check, string, time.Duration) {}
func (silent) Done(check.Outcome)                          {}
func (silent) End(*check.Result)                           {}

// write writes the results for programs.
func write(cfg config, results []*check.Result, out io.Writer) error {
	var failed error
	switch {
	case cfg.json:
		failed = report.JSON(out, results, cfg.hint)
	case cfg.tap:
		failed = report.TAP(out, results)
	}
	if cfg.junit == "" {
		return failed
	}
	file, err := os.Create(cfg.junit)
	if err != nil {
		return errors.Join(failed, err)
	}
	return errors.Join(failed, report.JUnit(file, results), file.Close())
}

func listSuites(out io.Writer) {
	for _, suite := range suites.All() {
		fmt.Fprintf(out, "  %-14s %s\n", suite.Name, suite.About)
	}
	fmt.Fprintf(out, "  %-14s %s\n", "all", "every suite that the lab's own servers can pass as they are started")
}

// listChecks shows the checks of each suite, and which clauses have none.
func listChecks(out io.Writer, all []*check.Suite) {
	for _, suite := range all {
		fmt.Fprintf(out, "%s: %s\n", suite.Name, suite.About)
		for i := range suite.Checks {
			c := &suite.Checks[i]
			title := c.Title
			if c.Phase != "" {
				title = c.Phase + ": " + title
			}
			fmt.Fprintf(out, "  %-24s %s\n", strings.Join(c.Clauses(), " "), title)
		}
		for _, clause := range suite.UncheckedClauses() {
			fmt.Fprintf(out, "  %-24s not checked: %s\n", clause, suite.Unchecked[clause])
		}
	}
}
