package boot

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/joho/godotenv"
	"github.com/sirupsen/logrus"
)

// Exit codes of every program here.
const (
	exitOK     = 0
	exitFailed = 1 // it could not do its work; the log says why
	exitUsage  = 2 // a wrong flag or setting; nothing was started
)

// An ExitError is what Run returns where an exit code of its own tells more
// than 1. It is logged like any error.
type ExitError struct {
	Code int
	Err  error
}

func (e *ExitError) Error() string { return e.Err.Error() }
func (e *ExitError) Unwrap() error { return e.Err }

// healthTimeout bounds one -healthcheck.
const healthTimeout = 3 * time.Second

// A Program is what main declares.
type Program struct {
	// Name is the command's, About one sentence for -help.
	Name, About string
	// Flags declares flags, for a program that people start by hand, in
	// addition to its settings. nil: none.
	Flags func(*flag.FlagSet)
	// Exits are the exit codes of its own, for -help: "3 cannot connect".
	Exits []string
	// Settings declares what the program reads from its environment.
	// Run and Health are called when all of it has been read.
	Settings func(*Settings)
	// Run does the work until ctx is done: at SIGTERM or SIGINT. What it
	// returns is logged, and the program exits with 1.
	Run func(ctx context.Context, log *logrus.Logger) error
	// Health is -healthcheck: nil when the service, running in another
	// process, answers as it should. ctx ends after 3 s. nil: a program
	// that is no service and has no -healthcheck.
	Health func(ctx context.Context) error
}

// Main runs p and returns the exit code for os.Exit: 0, 1 when Run failed, 2
// for a wrong flag or setting, 128+n when a second signal n cut the end short.
func Main(p Program) int {
	return p.main(os.Args[1:], os.LookupEnv, os.Stderr)
}

// lookup is os.LookupEnv, or a test's.
type lookup func(name string) (value string, set bool)

func (p Program) main(args []string, env lookup, stderr io.Writer) int {
	flags := flag.NewFlagSet(p.Name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	health := false
	if p.Health != nil {
		flags.BoolVar(&health, "healthcheck", false, "exit 0 when the running service answers, else 1")
	}
	if p.Flags != nil {
		p.Flags(flags)
	}
	settings := &Settings{}
	var logging logSettings
	p.Settings(settings)
	logging.declare(settings)
	flags.Usage = func() { p.usage(stderr, flags, settings) }

	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "%s: takes no arguments, got %q; see -help\n", p.Name, flags.Args())
		return exitUsage
	}
	env, err := withDotEnv(env)
	if err == nil {
		err = settings.read(env)
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: cannot start:\n%v\n", p.Name, err)
		return exitUsage
	}
	if health {
		return p.checkHealth(stderr)
	}
	return p.runUntilSignal(logging.logger(stderr))
}

// withDotEnv adds the variables of the file .env in the current directory,
// where there is one. What the real environment has, it keeps.
func withDotEnv(env lookup) (lookup, error) {
	file, err := godotenv.Read()
	if errors.Is(err, os.ErrNotExist) {
		return env, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read .env: %w; each line is NAME=value, or a # comment", err)
	}
	return func(name string) (string, bool) {
		if value, set := env(name); set {
			return value, true
		}
		value, set := file[name]
		return value, set
	}, nil
}

func (p Program) checkHealth(stderr io.Writer) int {
	ctx, cancel := context.WithTimeout(context.Background(), healthTimeout)
	defer cancel()
	if err := p.Health(ctx); err != nil {
		fmt.Fprintf(stderr, "%s: not healthy: %v\n", p.Name, err)
		return exitFailed
	}
	return exitOK
}

// runUntilSignal runs p.Run. The first SIGTERM or SIGINT ends its ctx, which
// asks it to finish; the second ends the program at once.
func (p Program) runUntilSignal(log *logrus.Logger) int {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	defer signal.Stop(signals)
	ctx, finish := context.WithCancel(context.Background())
	defer finish()
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx, log) }()

	for asked := false; ; asked = true {
		select {
		case err := <-done:
			if err != nil {
				log.Error(err)
				return exitCode(err)
			}
			return exitOK
		case sig := <-signals:
			if asked {
				log.WithField("signal", sig.String()).Warn("Second signal: ending at once")
				return 128 + int(sig.(syscall.Signal))
			}
			log.WithField("signal", sig.String()).Info("Asked to stop")
			finish()
		}
	}
}

func exitCode(err error) int {
	if own := (*ExitError)(nil); errors.As(err, &own) {
		return own.Code
	}
	return exitFailed
}

func (p Program) usage(w io.Writer, flags *flag.FlagSet, settings *Settings) {
	fmt.Fprintf(w, "%s: %s\n\nFlags:\n\n", p.Name, p.About)
	flags.PrintDefaults()
	fmt.Fprint(w, "\nSettings, from the environment or a file .env:\n\n")
	settings.describe(w)
	exits := append([]string{"0 done", "1 failed (the log says why)", "2 a wrong flag or setting"}, p.Exits...)
	fmt.Fprintf(w, "\nSIGTERM or Ctrl-C asks it to finish, a second one ends it at once.\nExit codes: %s.\n", strings.Join(exits, ", "))
}
