package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"socketlab/checker/check"
	"socketlab/checker/mutants"
	"socketlab/kit/nettest"
)

func TestMain(m *testing.M) { nettest.Main(m, main) }

// mutant starts one and returns its address.
func mutant(t *testing.T, suite, name string) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range mutants.All()[suite] {
		if fault.Name == name {
			server := mutants.Start(fault, ln)
			t.Cleanup(server.Close)
			return server.Addr()
		}
	}
	t.Fatalf("there is no mutant %s of %s", name, suite)
	return ""
}

// absent is an address where nobody listens.
func absent(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	return ln.Addr().String()
}

func TestExitCodes(t *testing.T) {
	free := absent(t)
	for _, test := range []struct {
		line string
		code int
		says string
	}{
		{"--help", 0, "Usage: checker SUITE"},
		{"--list", 0, "ECHO-5                   after the client's FIN the server closes, too"},
		{"echo --list", 0, "ECHO-8                   not checked: "},
		{"echo --target " + mutant(t, "echo", "greets"), 1, "FAIL  ECHO-1"},
		{"", 2, "which suite? One of echo"},
		{"ecko", 2, `there is no suite "ecko"`},
		{"echo upper", 2, "one suite at a time"},
		{"echo --colour", 2, "-colour"},
		{"echo --hint 4", 2, "--hint 4: it must be 1, 2 or 3"},
		{"echo --timeout 1ms", 2, "at least 100ms"},
		{"echo --wait -1s", 2, "--wait -1s: it must be"},
		{"echo --target 9000", 2, `--target "9000": it must be HOST:PORT`},
		{"echo --target h:0", 2, "the port must be a number from 1 to 65535"},
		{"echo --json --tap", 2, "both cannot be written at once"},
		{"all --target h:1", 2, "without --target"},
		{"crud-durable --list", 0, "write: "},
		{"crud-durable", 2, "has two phases: --phase write, then you kill your server"},
		{"crud-durable --phase read", 2, "--phase read: it must be write or verify"},
		{"crud-durable --phase verify", 2, "--phase verify needs the --seed that --phase write has shown"},
		{"crud --phase write", 2, "--phase write: only crud-durable has phases"},
		{"echo --run x", 2, "--run is for the suite client"},
		{"all --run x", 2, "--run is for the suite client"},
		{"client --lab --run x", 2, "the checker's container holds no program of yours"},
		{"echo --wait 0s --target " + absent(t), 3, "nobody listens on port"},
		{"echo --wait 0s --target there.invalid:1", 3, "there is no machine called there.invalid"}, // RFC 2606
		{"echo --wait 0s --timeout 300ms --target " + nettest.Full(t), 3, "did not answer on port"},
		{"echo --wait 0s --lab --target " + free, 3, "your computer is --target host.docker.internal:"},
		{"echo --wait 0s --lab --target localhost:1", 3, "in here localhost is the checker's own container"},
		{"echo --wait 0s --lab --target host.docker.internal:1", 3, "a server must listen on all addresses (0.0.0.0)"},
		{"client --wait 0s --target " + free, 3, "no client has connected to " + free + " in 0s"},
		{"client --target " + mutant(t, "echo", "greets"), 4, "address already in use"},
		{"echo --junit /no/such/folder/x.xml --target " + mutant(t, "echo", "greets"), 4, "cannot write the results"},
	} {
		t.Run(test.line, func(t *testing.T) {
			code, said := checker(t, strings.Fields(test.line)...)
			if code != test.code || !strings.Contains(said, test.says) {
				t.Errorf("exit code %d, want %d; it does not say %q but\n%s", code, test.code, test.says, said)
			}
		})
	}
}

// The same as a process: main gives the code to the shell, and the text to
// stdout.
func TestAProcess(t *testing.T) {
	p := nettest.Start(t, nil, []string{"echo", "--target", mutant(t, "echo", "greets")})
	if code := p.Wait(); code != 1 || !strings.Contains(p.Log.String(), "FAIL  ECHO-1") {
		t.Errorf("exit code %d\n%s", code, p.Log)
	}
}

func TestCtrlC(t *testing.T) {
	came := make(chan bool, 10)
	silent := nettest.Listen(t, func(conn *net.TCPConn) {
		came <- true
		io.Copy(io.Discard, conn)
	})
	p := nettest.Start(t, nil, []string{"echo", "--timeout", "1h", "--target", silent})
	<-came
	p.Signal(syscall.SIGINT)
	if code := p.Wait(); code != 130 || !strings.Contains(p.Log.String(), "checker: stopped") {
		t.Errorf("exit code %d\n%s", code, p.Log)
	}
}

// The same while it waits for a client.
func TestCtrlCWhileNobodyComes(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out := waitFor{text: "Start your client 7 times", seen: make(chan bool)}
	go func() {
		<-out.seen
		stop()
	}()
	code := run(ctx, []string{"client", "--target", absent(t), "--wait", "1h"}, console{out: &out, notes: &out})
	if code != exitStopped {
		t.Errorf("exit code %d\n%s", code, out.String())
	}
}

func TestAServerThatComesUpLate(t *testing.T) {
	addr := absent(t)
	var out waitFor
	out.text, out.seen = "not there yet, trying for 20s", make(chan bool)
	go func() {
		<-out.seen
		ln, err := net.Listen("tcp", addr)
		if err != nil {
			return // the checker says in vain that nobody listens
		}
		mutants.Start(mutants.Echo()[0], ln)
	}()
	code := run(t.Context(), []string{"echo", "--wait", "20s", "--target", addr}, console{out: &out, notes: &out})
	if code != 1 || !strings.Contains(out.String(), "Welcome!") {
		t.Errorf("exit code %d\n%s", code, out.String())
	}
}

// waitFor is a Buffer that closes seen when text has been written.
type waitFor struct {
	bytes.Buffer
	text string
	seen chan bool
	told bool
}

func (w *waitFor) Write(p []byte) (int, error) {
	n, err := w.Buffer.Write(p)
	if !w.told && strings.Contains(w.Buffer.String(), w.text) {
		w.told = true
		close(w.seen)
	}
	return n, err
}

func TestTheSeedRepeatsWhatIsSent(t *testing.T) {
	addr := mutant(t, "echo", "answers-once")
	_, first := checker(t, "echo", "--seed", "7", "--target", addr)
	_, again := checker(t, "echo", "--seed", "7", "--target", addr)
	_, other := checker(t, "echo", "--seed", "8", "--target", addr)
	if first != again || first == other || !strings.Contains(first, "--seed 7") {
		t.Errorf("first:\n%s\nagain:\n%s\nwith another seed:\n%s", first, again, other)
	}
}

func TestAllGoesOnAfterAFailure(t *testing.T) {
	_, stops := checker(t, "echo", "--target", mutant(t, "echo", "trims"))
	_, goesOn := checker(t, "echo", "--all", "--target", mutant(t, "echo", "trims"))
	if !strings.Contains(stops, "3 passed, 1 failed, 9 not run") || !strings.Contains(goesOn, "12 passed, 1 failed\n") {
		t.Errorf("without --all:\n%s\nwith:\n%s", stops, goesOn)
	}
}

func TestHints(t *testing.T) {
	addr := mutant(t, "echo", "greets")
	_, one := checker(t, "echo", "--target", addr)
	_, three := checker(t, "echo", "--hint", "3", "--target", addr)
	if strings.Contains(one, "hint 2:") || !strings.Contains(one, "(--hint 2 says more)") || !strings.Contains(three, "hint 3:") {
		t.Errorf("--hint 1:\n%s\n--hint 3:\n%s", one, three)
	}
}

func TestForPrograms(t *testing.T) {
	file := filepath.Join(t.TempDir(), "junit.xml")
	code, said := checker(t, "echo", "--json", "--junit", file, "--target", mutant(t, "echo", "trims"))
	var suites []struct {
		Suite  string
		Passed bool
		Checks []struct {
			Clause, Verdict string
			Failure         *struct{ Got string }
		}
	}
	if err := json.Unmarshal([]byte(said), &suites); err != nil || code != 1 {
		t.Fatalf("exit code %d, %v\n%s", code, err, said)
	}
	s := suites[0]
	if s.Passed || s.Checks[0].Verdict != "passed" || s.Checks[3].Verdict != "failed" || s.Checks[4].Verdict != "not run" ||
		s.Checks[3].Failure.Got == "" {
		t.Errorf("JSON: %+v", s)
	}

	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var junit struct {
		Suite struct {
			Tests    int `xml:"tests,attr"`
			Failures int `xml:"failures,attr"`
			Errors   int `xml:"errors,attr"`
			Skipped  int `xml:"skipped,attr"`
		} `xml:"testsuite"`
	}
	if err := xml.Unmarshal(text, &junit); err != nil {
		t.Fatal(err)
	}
	if got := junit.Suite; got.Tests != 13 || got.Failures != 1 || got.Errors != 0 || got.Skipped != 9 {
		t.Errorf("JUnit: %+v\n%s", got, text)
	}

	_, tap := checker(t, "echo", "--tap", "--target", mutant(t, "echo", "trims"))
	for _, line := range []string{"TAP version 13\n1..13\n", "\nok 3 - echo ECHO-4: ", "\nnot ok 4 - echo ECHO-3: ", "\nnot ok 5 - "} {
		if !strings.Contains(tap, line) {
			t.Errorf("TAP has no %q:\n%s", line, tap)
		}
	}
}

// Nobody there is no pass, in no form.
func TestNobodyThereIsNoPass(t *testing.T) {
	file := filepath.Join(t.TempDir(), "junit.xml")
	for _, form := range []string{"--json", "--tap"} {
		code, said := checker(t, "echo", form, "--wait", "0s", "--junit", file, "--target", absent(t))
		if code != 3 || strings.Contains(said, "\nok ") || strings.Contains(said, `"passed": true`) {
			t.Errorf("exit code %d\n%s", code, said)
		}
		if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), `errors="1"`) {
			t.Errorf("%v\n%s", err, text)
		}
	}
}

// A check that panics, or that meets an error of this machine, is the checker's
// own fault.
func TestAFaultOfTheCheckerIsNoVerdict(t *testing.T) {
	addr := nettest.Listen(t, func(*net.TCPConn) {})
	for name, do := range map[string]func(t *check.Try){
		"a panic":              func(*check.Try) { panic("oh") },
		"a runtime error":      func(*check.Try) { _ = []int{}[len(os.Args[0]):][0] },
		"its own closed conns": func(t *check.Try) { alice := t.Dial("alice"); alice.Close(); alice.Expect("x") },
		"a panic in a crowd":   func(t *check.Try) { t.Together(3, 2, func(int) { panic("oh") }) },
	} {
		t.Run(name, func(t *testing.T) {
			suite := &check.Suite{Name: "tester", Checks: []check.Check{{Title: "one", Do: do}, {Title: "two", Do: func(*check.Try) {}}}}
			r, err := check.Run(context.Background(), suite, check.Options{Target: addr, All: true, Limits: check.Limits{Answer: nettest.Limit}, Watch: silent{}})
			if exitCode(err) != exitFault || r.Passed() || r.Outcomes[0].Verdict != check.Broken || r.Outcomes[1].Verdict != check.NotRun {
				t.Errorf("%v: %+v", err, r.Outcomes)
			}
		})
	}
}
