package report

import (
	"encoding/json"
	"io"

	"socketlab/checker/check"
)

type jsonSuite struct {
	Suite  string      `json:"suite"`
	Target string      `json:"target"`
	Seed   uint64      `json:"seed"`
	Passed bool        `json:"passed"`
	Error  string      `json:"error,omitempty"` // there was nobody to check
	Checks []jsonCheck `json:"checks"`
}

type jsonCheck struct {
	Clause  string       `json:"clause"`
	Title   string       `json:"title"`
	Verdict string       `json:"verdict"` // passed, failed, error, not run
	Seconds float64      `json:"seconds"`
	Error   string       `json:"error,omitempty"` // the checker's own fault
	Failure *jsonFailure `json:"failure,omitempty"`
}

type jsonFailure struct {
	What     string   `json:"what"`
	Sent     string   `json:"sent,omitempty"`
	Expected string   `json:"expected,omitempty"`
	Got      string   `json:"got,omitempty"`
	Steps    []string `json:"steps"`
	Output   []string `json:"output,omitempty"` // of the client, where the checker has started it
	Usually  string   `json:"usually"`
	Hints    []string `json:"hints"`
	ReadOn   string   `json:"read_on"`
}

// JSON writes the results as one array. A failure has as many hints as hint
// says.
func JSON(w io.Writer, results []*check.Result, hint int) error {
	all := []jsonSuite{}
	for _, r := range results {
		suite := jsonSuite{Suite: r.Suite.Name, Target: r.Target, Seed: r.Seed, Passed: r.Passed(), Error: words(r.Err)}
		for _, o := range r.Outcomes {
			row := jsonCheck{
				Clause: o.Check.Clause, Title: o.Check.Title,
				Verdict: string(o.Verdict), Seconds: o.Took.Seconds(), Error: words(o.Err),
			}
			if f := o.Failure; f != nil {
				row.Failure = &jsonFailure{f.What, f.Sent, f.Expected, f.Got, f.Steps, f.Output, o.Check.Cause, o.Check.Hints[:hint], o.Check.ReadOn}
			}
			suite.Checks = append(suite.Checks, row)
		}
		all = append(all, suite)
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(all)
}

func words(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
