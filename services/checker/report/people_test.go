package report

import (
	"bytes"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"socketlab/checker/check"
	"socketlab/checker/golden"
)

// aRun is what a Watcher hears of a suite of three checks, of which the second
// fails.
func aRun(watch check.Watcher) *check.Result {
	suite := &check.Suite{Name: "echo", Page: "echo.md", Checks: []check.Check{
		{Clause: "ECHO-1", Title: "one"},
		{Clause: "ECHO-2", Title: "two", Cause: "it was hasty, as one is who wants to be done before all has been read that there is", Hints: [3]string{"Why?", "So.", "Do this."}, ReadOn: "lesson 1, step 2"},
		{Clause: "ECHO-10", Title: "three"},
	}}
	r := &check.Result{Suite: suite, Target: "127.0.0.1:9000", Seed: 7}
	for i := range suite.Checks {
		r.Outcomes = append(r.Outcomes, check.Outcome{Check: &suite.Checks[i], Verdict: check.NotRun})
	}
	r.Outcomes[0].Verdict, r.Outcomes[1].Verdict = check.Passed, check.Failed
	r.Outcomes[1].Failure = &check.Failure{
		What: "alice heard something else than it should", Sent: `"hello\n"`, Expected: `"hello\n"`, Got: `"help\n"`, Column: 4,
		Steps: []string{"alice connected", `alice sent "hello\n"`}, Output: []string{"Traceback", "oh no"},
	}
	watch.Begin(r)
	watch.Connecting(errNobody{}, 10*time.Second)
	watch.Waiting(&suite.Checks[0], "waiting for a line for alice", 3500*time.Millisecond)
	watch.Done(r.Outcomes[0])
	watch.Done(r.Outcomes[1])
	watch.End(r)
	return r
}

type errNobody struct{}

func (errNobody) Error() string { return "nobody listens on port 9000" }

// What people see, on a terminal and in a file; escape sequences in it are
// written out.
func TestPeople(t *testing.T) {
	for name, people := range map[string]*People{
		"plain":      {Hint: 1},
		"live":       {Hint: 3, Live: true, Width: 40},
		"in-colours": {Hint: 2, Live: true, Width: 80, Colour: true},
	} {
		var out bytes.Buffer
		people.Out = &out
		people.Again = func(s *check.Suite) string { return "checker " + s.Name }
		aRun(people)
		golden.Compare(t, filepath.Join("testdata", name+".txt"), visible(out.String()))
		if !people.Live && strings.ContainsAny(out.String(), "\x1b\r") {
			t.Errorf("%s: escape sequences where there is no terminal", name)
		}
	}
}

// visible writes control characters out.
func visible(text string) string {
	var b strings.Builder
	for _, r := range text {
		if quoted := strconv.QuoteRune(r); r != '\n' && r < ' ' {
			b.WriteString(quoted[1 : len(quoted)-1])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// What to do next is said only to whom has passed.
func TestNextIsForAPass(t *testing.T) {
	var out bytes.Buffer
	people := &People{Out: &out, Again: func(*check.Suite) string { return "" }, Next: func(*check.Result) string { return "Now do that." }}
	r := aRun(&People{Out: &out, Hint: 1, Again: people.Again})
	out.Reset()
	people.End(r)
	if strings.Contains(out.String(), "Now do that.") {
		t.Errorf("after a failure:\n%s", out.String())
	}
	for i := range r.Outcomes {
		r.Outcomes[i].Verdict = check.Passed
	}
	people.End(r)
	if !strings.HasSuffix(out.String(), "echo: 3 passed\n\nNow do that.\n") {
		t.Errorf("after a pass:\n%s", out.String())
	}
}
