// Package report shows what came of suites: to people, and to programs as JSON,
// JUnit XML and TAP.
package report

import (
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"socketlab/checker/check"
)

// People writes for people, a line a check, while it happens.
type People struct {
	Out io.Writer
	// Live: Out is a terminal, where a line can be written anew.
	Live bool
	// Width is how many columns the terminal has.
	Width  int
	Colour bool
	// Hint is how many hints a failure shows, 1 to 3.
	Hint int
	// Again is the command that repeats a run, without its seed.
	Again func(suite *check.Suite) string
	// Next is what to do when all has passed; empty: nothing. It may be nil.
	Next func(r *check.Result) string

	page string // with the clauses of the suite that runs
}

// The colours of ECMA-48, "select graphic rendition".
const (
	red   = "\x1b[31m"
	green = "\x1b[32m"
	faint = "\x1b[2m"
	plain = "\x1b[0m"
	// wipe goes to the beginning of the row and clears it.
	wipe = "\r\x1b[K"
)

func (p *People) paint(colour, text string) string {
	if !p.Colour {
		return text
	}
	return colour + text + plain
}

// passing shows something that the next line replaces. It must fit into one row:
// no more than that can be wiped.
func (p *People) passing(text string) {
	if !p.Live {
		return
	}
	if letters := []rune(text); len(letters) >= p.Width {
		text = string(letters[:max(0, p.Width-2)]) + "…"
	}
	fmt.Fprint(p.Out, wipe+p.paint(faint, text))
}

func (p *People) line(format string, args ...any) {
	if p.Live {
		fmt.Fprint(p.Out, wipe)
	}
	fmt.Fprintf(p.Out, format+"\n", args...)
}

// prose writes text behind label. On a terminal its lines stand below each other.
func (p *People) prose(label, text string) {
	width := 0
	if p.Live {
		width = max(20, p.Width-len(label))
	}
	for _, line := range wrap(text, width) {
		p.line("%s%s", label, line)
		label = strings.Repeat(" ", len(label))
	}
}

// Begin is a method of check.Watcher, as are the following.
func (p *People) Begin(r *check.Result) {
	p.page = r.Suite.Page
	whom := "the server at " + r.Target
	if r.Suite.Listens {
		whom = "your client, which is to connect to " + place(r.Target)
		if r.Command != "" {
			whom = "your client, " + r.Command
		}
	}
	p.line("%s: checks %s, seed %d", r.Suite.Name, whom, r.Seed)
	if r.Suite.Listens && r.Command == "" {
		p.line("Start your client %d times, one after the other: each check takes one.", len(r.Outcomes))
	}
}

// place is where a client finds us. All addresses of this computer, ":8129" or
// "[::]:8129", are none that it could connect to.
func place(addr string) string {
	if host, port, err := net.SplitHostPort(addr); err == nil && (host == "" || net.ParseIP(host).IsUnspecified()) {
		return "port " + port
	}
	return addr
}

// Connecting tells why nothing happens yet.
func (p *People) Connecting(why error, limit time.Duration) {
	p.line("  not there yet, trying for %v: %v", limit, why)
}

// Waiting shows what a check waits for.
func (p *People) Waiting(c *check.Check, what string, took time.Duration) {
	p.passing(fmt.Sprintf("  …     %-8s %s (%s, %d s)", c.Clause, c.Title, what, int(took.Seconds())))
}

// Done shows what came of a check.
func (p *People) Done(o check.Outcome) {
	switch o.Verdict {
	case check.Passed:
		p.line("  %s    %-8s %s", p.paint(green, "ok"), o.Check.Clause, o.Check.Title)
	case check.Failed:
		p.line("  %s  %-8s %s", p.paint(red, "FAIL"), o.Check.Clause, o.Check.Title)
		p.failure(o)
	case check.Broken:
		p.line("  %s %-8s %s", p.paint(red, "ERROR"), o.Check.Clause, o.Check.Title)
	}
}

// failure shows a failure: what, what was sent, expected and got, the talk
// before it, and help.
func (p *People) failure(o check.Outcome) {
	f := o.Failure
	p.line("\n        %s.", sentence(f.What))
	if f.Sent != "" || f.Expected != "" {
		p.line("")
	}
	if f.Sent != "" {
		p.line("        sent     %s", f.Sent)
	}
	if f.Expected != "" {
		p.line("        expected %s", f.Expected)
		got := f.Got
		if got == "" {
			got = "nothing"
		}
		p.line("        got      %s", got)
		if f.Column >= 0 {
			p.line("                 %s%s", strings.Repeat(" ", f.Column), p.paint(red, "^"))
		}
	}
	p.line("\n        what happened:")
	for _, step := range f.Steps {
		p.line("          %s", step)
	}
	if len(f.Output) > 0 {
		p.line("\n        what your client wrote last:")
		for _, line := range f.Output {
			p.line("          %s", line)
		}
	}
	p.line("")
	p.prose("        usually: ", o.Check.Cause+".")
	for i, hint := range o.Check.Hints[:p.Hint] {
		p.prose(fmt.Sprintf("        hint %d:  ", i+1), hint)
	}
	if p.Hint < len(o.Check.Hints) {
		p.line("                 (--hint %d says more)", p.Hint+1)
	}
	p.line("        read on: %s; clause %s in lab-guide/protocols/%s\n", o.Check.ReadOn, o.Check.Clause, p.page)
}

// End shows the sum.
func (p *People) End(r *check.Result) {
	var sum []string
	for _, verdict := range []check.Verdict{check.Passed, check.Failed, check.Broken, check.NotRun} {
		if n := r.Count(verdict); n > 0 {
			sum = append(sum, fmt.Sprintf("%d %s", n, verdict))
		}
	}
	colour := green
	if !r.Passed() {
		colour = red
	}
	p.line("%s: %s", r.Suite.Name, p.paint(colour, strings.Join(sum, ", ")))
	if r.Count(check.Failed) > 0 {
		p.line("To send the same bytes again: %s --seed %d", p.Again(r.Suite), r.Seed)
	}
	if !r.Passed() || p.Next == nil {
		return
	}
	if next := p.Next(r); next != "" {
		p.line("\n%s", next)
	}
}

// sentence gives text a capital.
func sentence(text string) string {
	return strings.ToUpper(text[:1]) + text[1:]
}
