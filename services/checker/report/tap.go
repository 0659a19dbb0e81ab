package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"socketlab/checker/check"
)

// TAP writes the results in the Test Anything Protocol, version 13: see
// https://testanything.org. A check that was not run is not ok: a run that
// stopped early has not passed.
func TAP(w io.Writer, results []*check.Result) error {
	var b bytes.Buffer
	total := 0
	for _, r := range results {
		total += len(r.Outcomes)
	}
	fmt.Fprintf(&b, "TAP version 13\n1..%d\n", total)
	n := 0
	for _, r := range results {
		fmt.Fprintf(&b, "# %s at %s, seed %d\n", r.Suite.Name, r.Target, r.Seed)
		if r.Err != nil {
			comment(&b, r.Err.Error())
		}
		for _, o := range r.Outcomes {
			n++
			ok := "not ok"
			if o.Verdict == check.Passed {
				ok = "ok"
			}
			fmt.Fprintf(&b, "%s %d - %s %s: %s\n", ok, n, r.Suite.Name, o.Check.Clause, strings.ReplaceAll(o.Check.Title, "#", `\#`))
			switch o.Verdict {
			case check.Failed:
				comment(&b, detail(o))
			case check.Broken:
				comment(&b, o.Err.Error())
			case check.NotRun:
				comment(&b, "not run")
			}
		}
	}
	_, err := w.Write(b.Bytes())
	return err
}

// comment writes text as diagnostics, which TAP's readers show and do not
// judge.
func comment(w io.Writer, text string) {
	for line := range strings.Lines(text) {
		fmt.Fprintf(w, "# %s\n", strings.TrimSuffix(line, "\n"))
	}
}
