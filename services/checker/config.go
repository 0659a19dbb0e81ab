package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"socketlab/checker/check"
	"socketlab/checker/suites"
	"socketlab/kit/args"
)

// config is what the command line says.
type config struct {
	suites  []*check.Suite
	target  string // empty: each suite's own
	lab     bool   // the lab's servers by their names on its network
	list    bool
	all     bool // go on after a failure
	hint    int
	seed    uint64
	timeout time.Duration
	wait    time.Duration // negative: each suite's own
	json    bool
	tap     bool
	junit   string // a file
	phase   string // of a suite that has phases
	run     string // the command that starts the client
}

const help = `checker: does your server, or client, keep the protocol?

Usage: checker SUITE [--target HOST:PORT] [flags]

  checker echo                           check the lab's own echo server
  checker echo --target 127.0.0.1:9000   check the one that you have written
  checker all                            check the whole lab
  checker client --run 'node client.js'  check a client of yours
  checker crud-durable --phase write     what survives a kill -9: it says how to go on
  checker --list                         all suites, their checks and clauses

It stops at the first failure, and says what was sent, expected and got. The
clauses are in lab-guide/protocols.

  --target HOST:PORT  the server; without it, the lab's own
  --all               go on after a failure
  --hint 1            how many hints a failure comes with, 1 to 3
  --wait 10s          how long to wait for the server to be there; for your
                      client, in the suite client, 60s
  --timeout 5s        how long it may be silent where it owes an answer
  --seed N            send the same random names and data again
  --run COMMAND       start your client with this, once for each check, in the
                      suite client. {host}, {port} and {addr} in it stand for
                      the checker's address; without them HOST and PORT become
                      its last two words
  --phase PHASE       write or verify, for crud-durable
  --list              list the checks, of SUITE or of all
  --json, --tap       write JSON, or TAP, instead of text
  --junit FILE        write JUnit's XML as well
  --lab               the lab's servers are found by their names (echo-server …)

NO_COLOR=1 turns colours off.

Exit codes: 0 all passed, 1 a check failed, 2 a wrong flag or argument,
3 nobody was there to check, 4 the checker's own fault, 130 Ctrl-C.

Suites:

`

// usageError is a command line that cannot be understood.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text + "; --help shows how it goes" }

// parse reads the command line. Its error is a usageError, or flag.ErrHelp.
func parse(arguments []string) (config, error) {
	cfg := config{seed: rand.Uint64N(1e9), hint: 1}
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the errors are returned as well
	flags.StringVar(&cfg.target, "target", "", "")
	flags.BoolVar(&cfg.lab, "lab", false, "")
	flags.BoolVar(&cfg.list, "list", false, "")
	flags.BoolVar(&cfg.all, "all", false, "")
	flags.IntVar(&cfg.hint, "hint", 1, "")
	flags.Uint64Var(&cfg.seed, "seed", cfg.seed, "")
	flags.DurationVar(&cfg.timeout, "timeout", 5*time.Second, "")
	flags.DurationVar(&cfg.wait, "wait", -1, "")
	flags.BoolVar(&cfg.json, "json", false, "")
	flags.BoolVar(&cfg.tap, "tap", false, "")
	flags.StringVar(&cfg.junit, "junit", "", "")
	flags.StringVar(&cfg.phase, "phase", "", "")
	flags.StringVar(&cfg.run, "run", "", "")
	words, err := args.Parse(flags, arguments)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return cfg, err
	case err != nil:
		return cfg, &usageError{err.Error()}
	case cfg.hint < 1 || cfg.hint > 3:
		return cfg, &usageError{fmt.Sprintf("--hint %d: it must be 1, 2 or 3", cfg.hint)}
	case cfg.timeout < 100*time.Millisecond:
		return cfg, &usageError{fmt.Sprintf("--timeout %v: an answer needs some time, at least 100ms", cfg.timeout)}
	case cfg.wait < 0 && cfg.wait != -1:
		return cfg, &usageError{fmt.Sprintf("--wait %v: it must be a time such as 10s, or 0", cfg.wait)}
	case cfg.json && cfg.tap:
		return cfg, &usageError{"--json and --tap: both cannot be written at once"}
	}
	if cfg.target != "" {
		if err := checkAddress(cfg.target); err != nil {
			return cfg, err
		}
	}
	if cfg.suites, err = cfg.choose(words); err != nil || cfg.list {
		return cfg, err
	}
	if err := cfg.checkRun(); err != nil {
		return cfg, err
	}
	seeded := false
	flags.Visit(func(f *flag.Flag) { seeded = seeded || f.Name == "seed" })
	return cfg, cfg.choosePhase(seeded)
}

// checkRun makes sure that there is a client to run.
func (c config) checkRun() error {
	switch {
	case c.run == "":
		return nil
	case !c.suites[0].Listens:
		return &usageError{"--run is for the suite client; a server of yours you start yourself"}
	case c.lab:
		return &usageError{"--run: the checker's container holds no program of yours; on your computer: go run ./services/checker client --run 'COMMAND'"}
	}
	return nil
}

// choosePhase leaves of a suite that has phases the checks of one. seeded:
// there was a --seed.
func (c *config) choosePhase(seeded bool) error {
	suite := c.suites[0] // all has none with phases
	phases := suite.Phases()
	switch {
	case len(phases) == 0 && c.phase != "":
		return &usageError{"--phase " + c.phase + ": only crud-durable has phases"}
	case len(phases) == 0:
		return nil
	case c.phase == "":
		return &usageError{suite.Name + " has two phases: --phase write, then you kill your server and start it again, then --phase verify"}
	case !slices.Contains(phases, c.phase):
		return &usageError{fmt.Sprintf("--phase %s: it must be %s", c.phase, strings.Join(phases, " or "))}
	case c.phase == suites.Verify && !seeded:
		return &usageError{"--phase verify needs the --seed that --phase write has shown: it tells which records must be there"}
	}
	c.suites[0] = suite.In(c.phase)
	return nil
}

func checkAddress(target string) error {
	_, port, err := net.SplitHostPort(target)
	if err != nil {
		return &usageError{fmt.Sprintf("--target %q: it must be HOST:PORT, such as 127.0.0.1:9000", target)}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return &usageError{fmt.Sprintf("--target %q: the port must be a number from 1 to 65535", target)}
	}
	return nil
}

// choose finds the suites that words name.
func (c config) choose(words []string) ([]*check.Suite, error) {
	switch {
	case len(words) == 0 && c.list:
		return suites.All(), nil
	case len(words) == 0:
		return nil, &usageError{"which suite? One of " + names()}
	case len(words) > 1:
		return nil, &usageError{fmt.Sprintf("one suite at a time, or all of them: all; got %q", words)}
	case words[0] == "all" && c.target != "":
		return nil, &usageError{"all checks the lab's servers, each at its own address: without --target"}
	case words[0] == "all":
		return suites.Lab(), nil
	}
	for _, suite := range suites.All() {
		if suite.Name == words[0] {
			return []*check.Suite{suite}, nil
		}
	}
	return nil, &usageError{fmt.Sprintf("there is no suite %q: it must be one of %s", words[0], names())}
}

func names() string {
	var all []string
	for _, suite := range suites.All() {
		all = append(all, suite.Name)
	}
	return strings.Join(append(all, "all"), ", ")
}

// targetOf is where the server, or the place for clients, of suite is.
func (c config) targetOf(suite *check.Suite) string {
	switch {
	case c.target != "":
		return c.target
	case c.run != "":
		return "127.0.0.1:0" // nobody else has to know the port
	case suite.Listens:
		return net.JoinHostPort("", suite.Port)
	case c.lab:
		return net.JoinHostPort(suite.Service, suite.Port)
	}
	return net.JoinHostPort("127.0.0.1", suite.Port)
}

// waitOf is how long to wait for the server of suite, or for a client, which a
// person starts by hand.
func (c config) waitOf(suite *check.Suite) time.Duration {
	switch {
	case c.wait >= 0:
		return c.wait
	case suite.Listens:
		return time.Minute
	}
	return 10 * time.Second
}
