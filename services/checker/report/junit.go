package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"socketlab/checker/check"
)

// The elements of JUnit's XML that CI systems read.
type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"` // seconds
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string     `xml:"classname,attr"`
	Name    string     `xml:"name,attr"`
	Time    string     `xml:"time,attr"`
	Failure *junitText `xml:"failure"`
	Error   *junitText `xml:"error"`
	Skipped *junitText `xml:"skipped"`
}

type junitText struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the results as JUnit's XML. A suite that found nobody to check
// is an error of its first check, so that no reader of it takes it for a pass.
func JUnit(w io.Writer, results []*check.Result) error {
	var all junitSuites
	for _, r := range results {
		suite := junitSuite{
			Name: r.Suite.Name, Tests: len(r.Outcomes), Failures: r.Count(check.Failed),
			Errors: r.Count(check.Broken), Skipped: r.Count(check.NotRun),
		}
		seconds := 0.0
		for i, o := range r.Outcomes {
			seconds += o.Took.Seconds()
			row := junitCase{Class: r.Suite.Name, Name: o.Check.Clause + " " + o.Check.Title, Time: fmt.Sprintf("%.3f", o.Took.Seconds())}
			switch {
			case r.Err != nil && i == 0:
				row.Error = &junitText{Message: r.Err.Error()}
				suite.Errors++
				suite.Skipped--
			case o.Verdict == check.Failed:
				row.Failure = &junitText{o.Failure.What, detail(o)}
			case o.Verdict == check.Broken:
				row.Error = &junitText{Message: o.Err.Error()}
			case o.Verdict == check.NotRun:
				row.Skipped = &junitText{Message: "not run"}
			}
			suite.Cases = append(suite.Cases, row)
		}
		suite.Time = fmt.Sprintf("%.3f", seconds)
		all.Suites = append(all.Suites, suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	out := xml.NewEncoder(w)
	out.Indent("", "  ")
	if err := out.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// detail is a failure in a few lines.
func detail(o check.Outcome) string {
	f := o.Failure
	lines := []string{f.What}
	for _, part := range []struct{ name, text string }{{"sent", f.Sent}, {"expected", f.Expected}, {"got", f.Got}} {
		if part.text != "" {
			lines = append(lines, fmt.Sprintf("%-8s %s", part.name, part.text))
		}
	}
	lines = append(lines, "what happened:")
	for _, step := range f.Steps {
		lines = append(lines, "  "+step)
	}
	if len(f.Output) > 0 {
		lines = append(lines, "what your client wrote last:")
	}
	for _, line := range f.Output {
		lines = append(lines, "  "+line)
	}
	return strings.Join(append(lines, "usually: "+o.Check.Cause, "read on: "+o.Check.ReadOn), "\n")
}
