package check

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net"
	"runtime/debug"
	"time"

	"socketlab/kit/dial"
)

// A Verdict is what came of a check.
type Verdict string

// The verdicts. There is no other way to a pass than Passed.
const (
	Passed Verdict = "passed"
	Failed Verdict = "failed"
	Broken Verdict = "error"   // the checker's own fault
	NotRun Verdict = "not run" // it stopped before
)

// An Outcome is what came of one check.
type Outcome struct {
	Check   *Check
	Verdict Verdict
	Took    time.Duration
	Failure *Failure // where it failed
	Err     error    // where it is the checker's fault, or it was stopped
}

// A Result is what came of a suite.
type Result struct {
	Suite  *Suite
	Target string
	Seed   uint64
	// Command starts the client, HOST and PORT being added; empty: somebody
	// starts it by hand.
	Command  string
	Outcomes []Outcome
	// Err: there was no server, or no client came.
	Err error
}

// Count returns how many checks have verdict.
func (r *Result) Count(verdict Verdict) int {
	n := 0
	for _, outcome := range r.Outcomes {
		if outcome.Verdict == verdict {
			n++
		}
	}
	return n
}

// Passed reports whether every check has passed.
func (r *Result) Passed() bool {
	return r.Err == nil && len(r.Outcomes) > 0 && r.Count(Passed) == len(r.Outcomes)
}

// A Watcher is told what happens while it happens, from one goroutine at a
// time.
type Watcher interface {
	Begin(r *Result)
	// Connecting is called once, when the first try has failed.
	Connecting(why error, limit time.Duration)
	// Waiting is called each second while a check runs.
	Waiting(c *Check, what string, took time.Duration)
	Done(outcome Outcome)
	End(r *Result)
}

// Options are how a suite is run.
type Options struct {
	// Target is where the server is, HOST:PORT, or where to wait for
	// clients.
	Target string
	Seed   uint64
	// Command is how the checker starts the client for each check: see
	// Result.
	Command string
	All     bool          // go on after a failure
	Wait    time.Duration // how long to wait for the server, or for a client
	Limits  Limits
	Watch   Watcher
}

// Run runs the checks of suite in their order. Its error is the result's Err,
// ctx's own where it was stopped, or the Fault of a check.
func Run(ctx context.Context, suite *Suite, o Options) (*Result, error) {
	r := &Result{Suite: suite, Target: o.Target, Seed: o.Seed, Command: o.Command}
	for i := range suite.Checks {
		r.Outcomes = append(r.Outcomes, Outcome{Check: &suite.Checks[i], Verdict: NotRun})
	}
	ln, err := prepare(ctx, suite, r, o)
	if err != nil {
		r.Err = err
		o.Watch.End(r)
		return r, err
	}
	if ln != nil {
		defer ln.Close()
	}
	err = runAll(ctx, r, ln, o)
	o.Watch.End(r)
	return r, err
}

// prepare makes sure that there is somebody to check.
func prepare(ctx context.Context, suite *Suite, r *Result, o Options) (*net.TCPListener, error) {
	if suite.Listens {
		ln, err := net.Listen("tcp", o.Target)
		if err != nil {
			return nil, &Fault{fmt.Errorf("cannot listen on %s: %w; --target names another address", o.Target, err)}
		}
		r.Target = ln.Addr().String()
		o.Watch.Begin(r)
		return ln.(*net.TCPListener), nil
	}
	o.Watch.Begin(r)
	return nil, awaitServer(ctx, o)
}

// betweenTries is the pause after a failed try to connect.
const betweenTries = 100 * time.Millisecond

// awaitServer connects once, to see that there is somebody. A server that was
// started a moment ago may need another moment.
func awaitServer(ctx context.Context, o Options) error {
	end := time.Now().Add(o.Wait)
	for first := true; ; first = false {
		conn, err := dial.TCP(ctx, o.Target, o.Limits.Answer)
		switch {
		case err == nil:
			(&Peer{t: &Try{limits: o.Limits}, conn: conn}).leave()
			return conn.Close()
		case ctx.Err() != nil:
			return errStopped
		case isOurs(err):
			return &Fault{err}
		case time.Now().After(end):
			return err
		}
		if first {
			o.Watch.Connecting(err, o.Wait)
		}
		select {
		case <-time.After(betweenTries):
		case <-ctx.Done():
			return errStopped
		}
	}
}

func runAll(ctx context.Context, r *Result, ln *net.TCPListener, o Options) error {
	for i := range r.Outcomes {
		outcome := &r.Outcomes[i]
		t := newTry(ctx, outcome.Check, r, ln, o)
		began := time.Now()
		met := watched(t, outcome.Check, o.Watch)
		var nobody *nobodyCame
		outcome.Took = time.Since(began)
		switch {
		case met == nil:
			outcome.Verdict = Passed
		case errors.As(met, &outcome.Failure):
			outcome.Verdict = Failed
		case errors.As(met, &nobody):
			r.Err = nobody
			return r.Err
		default:
			outcome.Verdict, outcome.Err = Broken, met
		}
		o.Watch.Done(*outcome)
		if outcome.Verdict == Broken {
			return met
		}
		if outcome.Verdict == Failed && !o.All {
			return nil
		}
	}
	return nil
}

func newTry(ctx context.Context, c *Check, r *Result, ln *net.TCPListener, o Options) *Try {
	t := &Try{ctx: ctx, limits: o.Limits, target: r.Target, ln: ln, command: r.Command, other: "the server"}
	t.limits.Answer *= time.Duration(max(1, c.Patience))
	t.end = time.Now().Add(t.limits.whole())
	if ln != nil {
		t.other = "your client"
		t.wait = o.Wait
		t.end = time.Now().Add(o.Wait)
	}
	t.Seed = r.Seed
	// So that a check says the same whichever others run before it.
	title := fnv.New64a()
	title.Write([]byte(c.Title))
	t.Random = rand.New(rand.NewPCG(r.Seed, title.Sum64()))
	return t
}

// watched runs one check, and lets the Watcher know each second that it still
// runs.
func watched(t *Try, c *Check, watch Watcher) error {
	began := time.Now()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	done := make(chan error, 1)
	go func() { done <- do(t, c) }()
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
			watch.Waiting(c, t.waitsFor(), time.Since(began))
		}
	}
}

// do runs one check. This is the one place where what a check meets becomes its
// verdict: whatever is not a Failure is the checker's own fault.
func do(t *Try, c *Check) (err error) {
	defer func() { t.endAll(err) }()
	defer func() {
		switch met := recover().(type) {
		case nil:
		case error:
			var failure *Failure
			var fault *Fault
			var nobody *nobodyCame
			if !errors.As(met, &failure) && !errors.As(met, &fault) && !errors.As(met, &nobody) && met != errStopped {
				met = &Fault{fmt.Errorf("panic: %w\n%s", met, debug.Stack())}
			}
			err = met
		default:
			err = &Fault{fmt.Errorf("panic: %v\n%s", met, debug.Stack())}
		}
	}()
	c.Do(t)
	return nil
}

// IsStopped reports whether err means that somebody has stopped the checker.
func IsStopped(err error) bool { return errors.Is(err, errStopped) }
