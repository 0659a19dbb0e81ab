package check

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"socketlab/kit/nettest"
)

// unwatched is a Watcher that says nothing.
type unwatched struct{}

func (unwatched) Begin(*Result)                         {}
func (unwatched) Connecting(error, time.Duration)       {}
func (unwatched) Waiting(*Check, string, time.Duration) {}
func (unwatched) Done(Outcome)                          {}
func (unwatched) End(*Result)                           {}

// failureOf runs one check against a server, and returns its failure.
func failureOf(t *testing.T, serve func(*net.TCPConn), do func(t *Try)) *Failure {
	t.Helper()
	suite := &Suite{Checks: []Check{{Title: "it", Do: do}}}
	r, err := Run(t.Context(), suite, Options{Target: nettest.Listen(t, serve), Limits: Limits{Answer: nettest.Limit}, Watch: unwatched{}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Outcomes[0].Failure == nil {
		t.Fatalf("the verdict is %q", r.Outcomes[0].Verdict)
	}
	return r.Outcomes[0].Failure
}

// Each byte gives the other side as long again, but not for ever.
func TestWholeCheckHasALimit(t *testing.T) {
	endless := func(conn *net.TCPConn) {
		for much := strings.Repeat("again\n", 10_000); ; {
			if _, err := io.WriteString(conn, much); err != nil {
				return
			}
		}
	}
	failure := failureOf(t, endless, func(t *Try) {
		t.end = time.Now().Add(300 * time.Millisecond)
		t.Dial("alice").SkipToEnd()
	})
	want := "the check took more than " + Limits{nettest.Limit}.whole().String() + " in all, and alice has not heard everything yet"
	if failure.What != want || failure.Expected != endOfStream {
		t.Errorf("it says %q and expects %q", failure.What, failure.Expected)
	}
}

// A server that falls silent is failed by the time that one answer may take, and
// the failure says how long that was.
func TestSilenceHasALimit(t *testing.T) {
	halfALine := func(conn *net.TCPConn) {
		io.WriteString(conn, "hello")
		io.Copy(io.Discard, conn)
	}
	failure := failureOf(t, halfALine, func(t *Try) {
		alice := t.Dial("alice")
		alice.Expect("hel")
		t.limits.Answer = 100 * time.Millisecond
		alice.Expect("lo\n")
	})
	if failure.What != "alice waited 100ms for the rest, and nothing more came" || failure.Got != `"lo"` {
		t.Errorf("it says %q, got %s", failure.What, failure.Got)
	}
}

// A check that is patient waits for so many times as long.
func TestPatience(t *testing.T) {
	late := func(conn *net.TCPConn) {
		asked := make([]byte, 1)
		conn.Read(asked)
		time.Sleep(300 * time.Millisecond) // longer than one answer may take
		conn.Write(asked)
		io.Copy(io.Discard, conn)
	}
	do := func(t *Try) {
		alice := t.Dial("alice")
		alice.Send("x")
		alice.Expect("x")
	}
	suite := &Suite{Checks: []Check{{Title: "patient", Do: do, Patience: 200}, {Title: "not", Do: do}}}
	r, err := Run(t.Context(), suite, Options{
		Target: nettest.Listen(t, late), Limits: Limits{Answer: 100 * time.Millisecond}, Watch: unwatched{}, All: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Outcomes[0].Verdict != Passed || r.Outcomes[1].Verdict != Failed {
		t.Errorf("patient: %s, not patient: %s", r.Outcomes[0].Verdict, r.Outcomes[1].Verdict)
	}
}
