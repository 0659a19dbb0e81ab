package mutants

import (
	"bytes"
	"context"
	"io"
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"socketlab/checker/check"
	"socketlab/checker/golden"
	"socketlab/checker/report"
	"socketlab/checker/suites"
)

// seed makes the messages the same each time.
const seed = 1

// verdict runs suite against a mutant and returns what a learner would read,
// and which check has failed; "" where none has.
func verdict(t *testing.T, suite *check.Suite, fault Fault) (text, failed string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := Start(fault, ln)
	defer server.Close()
	return run(t, suite, server.Addr(), func(string) {})
}

// run runs suite, and calls begun with the address when it has begun.
func run(t *testing.T, suite *check.Suite, target string, begun func(addr string)) (text, failed string) {
	t.Helper()
	var out bytes.Buffer
	people := &report.People{Out: &out, Hint: 3, Again: func(s *check.Suite) string { return "checker " + s.Name }}
	r, err := check.Run(t.Context(), suite, check.Options{
		Target: target, Seed: seed, Wait: time.Minute, Limits: check.Limits{Answer: 5 * time.Second}, Watch: beginning{people, begun},
	})
	if err != nil {
		t.Errorf("%s: %v", r.Target, err)
	}
	target = r.Target
	for _, o := range r.Outcomes {
		if o.Verdict == check.Failed {
			failed = o.Check.Title
		}
	}
	return strings.ReplaceAll(out.String(), target, "TARGET"), failed
}

// Each mutant is found by the check that is about its fault, with a message that
// a golden file holds; and each check is tripped by a mutant.
func TestMutants(t *testing.T) {
	for _, suite := range suites.All() {
		if suite.Listens || len(suite.Phases()) > 0 {
			continue
		}
		t.Run(suite.Name, func(t *testing.T) {
			t.Parallel()
			faults := All()[suite.Name]
			type found struct{ text, failed string }
			results := make([]chan found, len(faults))
			for i, fault := range faults {
				results[i] = make(chan found, 1)
				go func() { // most of them wait for what will never come, so all at once
					text, failed := verdict(t, suite, fault)
					results[i] <- found{text, failed}
				}()
			}
			tripped := make(map[string]bool)
			for i, fault := range faults {
				got := <-results[i]
				tripped[got.failed] = true
				if got.failed != fault.Trips {
					t.Errorf("%s: the check %q failed, not %q:\n%s", fault.Name, got.failed, fault.Trips, got.text)
					continue
				}
				text := sizes.ReplaceAllString(got.text, "N")
				if fault.Races {
					text = gaps.ReplaceAllString(lucky.ReplaceAllString(text, ""), "\n")
				}
				if suite.Page == "chat.md" {
					text = story.ReplaceAllString(text, "")
				}
				golden.Compare(t, filepath.Join("testdata", suite.Name, fault.Name+".txt"), text)
			}
			mustAllBeTripped(t, suite, tripped)
		})
	}
}

// The same for servers that are killed between two phases.
func TestDurableMutants(t *testing.T) {
	t.Parallel()
	suite := suites.CrudDurable()
	tripped := make(map[string]bool)
	for _, fault := range Durable() {
		text, failed := verdict(t, suite.In(suites.Write), fault)
		if failed == "" {
			fault.Restart()
			text, failed = verdict(t, suite.In(suites.Verify), fault)
		}
		tripped[failed] = true
		if failed != fault.Trips {
			t.Errorf("%s: the check %q failed, not %q:\n%s", fault.Name, failed, fault.Trips, text)
			continue
		}
		golden.Compare(t, filepath.Join("testdata", suite.Name, fault.Name+".txt"), text)
	}
	mustAllBeTripped(t, suite, tripped)
}

// mustAllBeTripped fails the test where a check has never been seen to fail.
func mustAllBeTripped(t *testing.T, suite *check.Suite, tripped map[string]bool) {
	t.Helper()
	for _, c := range suite.Checks {
		if !tripped[c.Title] {
			t.Errorf("no mutant trips the check %q", c.Title)
		}
	}
}

// beginning tells where a suite has begun.
type beginning struct {
	check.Watcher
	begun func(addr string)
}

func (b beginning) Begin(r *check.Result) {
	b.Watcher.Begin(r)
	b.begun(r.Target)
}

// The same for clients, where the checker is the server.
func TestClientMutants(t *testing.T) {
	t.Parallel()
	suite := suites.Client()
	type found struct{ text, failed string }
	results := make([]chan found, len(Clients()))
	for i, fault := range Clients() {
		results[i] = make(chan found, 1)
		go func() {
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			text, failed := run(t, suite, "127.0.0.1:0", func(addr string) { go Visit(ctx, addr, fault.Talk) })
			results[i] <- found{text, failed}
		}()
	}
	tripped := make(map[string]bool)
	for i, fault := range Clients() {
		got := <-results[i]
		tripped[got.failed] = true
		if got.failed != fault.Trips {
			t.Errorf("%s: the check %q failed, not %q:\n%s", fault.Name, got.failed, fault.Trips, got.text)
			continue
		}
		golden.Compare(t, filepath.Join("testdata", suite.Name, fault.Name+".txt"), got.text)
	}
	mustAllBeTripped(t, suite, tripped)
}

// A client that is right, and so slow that what is sent behind QUIT finds it
// leaving: its kernel answers that with a RST, which is no fault of the client's.
func TestASlowLeaverPasses(t *testing.T) {
	t.Parallel()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	text, failed := run(t, suites.Client(), "127.0.0.1:0", func(addr string) {
		go Visit(ctx, addr, func(conn *net.TCPConn) {
			io.WriteString(conn, hello)
			line, buf := "", make([]byte, 4096)
			for line != "QUIT" {
				n, err := conn.Read(buf)
				if err != nil {
					return
				}
				for _, b := range string(buf[:n]) {
					if b == '\n' && line != "QUIT" {
						line = ""
					} else if b != '\n' {
						line += string(b)
					}
				}
			}
			time.Sleep(time.Second) // longer than the checker listens whether it leaves
		})
	})
	if failed != "" {
		t.Errorf("it fails at %q:\n%s", failed, text)
	}
}

var (
	// sizes are how much data was sent, which goes by how quick the server is.
	sizes = regexp.MustCompile(`\b\d{4,}\b`)
	// story is what happened before. In a room many things happen at once.
	story = regexp.MustCompile(`(?s)        what happened:\n.*?\n\n`)
	// lucky is the part of a failure that tells who met it, and how.
	gaps  = regexp.MustCompile(`\n{2,}`)
	lucky = regexp.MustCompile(`(?m)^        (sent|expected|got|what happened:|  ).*\n|^ *\^\n|^        [A-Z].*\.\n`)
)
