package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// load reads what save has written.
func loadReports(file string) (reports, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var all reports
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("%s: not figures of scripts/bench: %w", file, err)
	}
	for _, r := range all {
		if r == nil || r.Suite == "" || r.Rounds == 0 {
			return nil, fmt.Errorf("%s: not figures of scripts/bench: a suite without a name or without rounds", file)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: no suite in it", file)
	}
	return all, nil
}

// A named series is one figure of a run, to be found again in another run.
type namedSeries struct {
	what, figure string
	rounds       series
}

// figures are all of a report that two runs can be compared by.
func (r *report) figures() []namedSeries {
	var all []namedSeries
	add := func(what, figure string, rounds series) {
		if len(rounds) > 0 {
			all = append(all, namedSeries{r.Suite + ": " + what, figure, rounds})
		}
	}
	for _, row := range slices.Concat(r.Rows, r.Growth) {
		what := row.Load + ": " + row.Server
		if row.Size > 0 {
			what = fmt.Sprintf("%s (%s): %s", row.Load, whole(float64(row.Size)), row.Server)
		}
		for _, f := range []figure{cpuPerMessage(), messageRate(), p50(), p99()} {
			add(what, f.name, row.series(f))
		}
	}
	for _, s := range firstOf(r.Idle, func(s idleStep) string { return fmt.Sprint(s.Server, s.Clients) }) {
		add(fmt.Sprintf("%s idle clients: %s", whole(float64(s.Clients)), s.Server), "resident MB", r.idleSeries(s.Server, s.Clients, residentMB))
	}
	for _, h := range firstOf(r.Held, func(h held) string { return fmt.Sprint(h.Server, h.Records) }) {
		for _, f := range heldFigures() {
			add(fmt.Sprintf("%s records held: %s", whole(float64(h.Records)), h.Server), f.name, r.heldSeries(h.Server, h.Records, f.of))
		}
	}
	for _, m := range r.Lab {
		add("the whole lab", m.What, m.Rounds)
	}
	return all
}

// firstOf leaves out all that have a name which one before them has.
func firstOf[T any](all []T, name func(T) string) []T {
	seen := make(map[string]bool)
	var first []T
	for _, one := range all {
		if !seen[name(one)] {
			seen[name(one)] = true
			first = append(first, one)
		}
	}
	return first
}

// compare shows what two runs have in common, side by side.
func compare(w io.Writer, older, newer reports) error {
	t := table{words: 2, head: []string{"what", "figure", "old", "new", "new/old", "ranges"}}
	after := newer.figures()
	for _, was := range older.figures() {
		i := slices.IndexFunc(after, func(is namedSeries) bool { return is.what == was.what && is.figure == was.figure })
		if i < 0 {
			continue
		}
		is := after[i]
		t.add(was.what, was.figure, number(was.rounds.median()), number(is.rounds.median()),
			number(is.rounds.median()/was.rounds.median()), ranges(was.rounds, is.rounds))
	}
	if len(t.rows) == 0 {
		return fmt.Errorf("nothing to compare: the old figures are of %v, the new ones of %v", older.suites(), newer.suites())
	}
	fmt.Fprintf(w, "old: %s, %s\nnew: %s, %s\n", older[0].Date.Format("2006-01-02 15:04 MST"), older[0].Machine,
		newer[0].Date.Format("2006-01-02 15:04 MST"), newer[0].Machine)
	if older[0].Machine.CPU != newer[0].Machine.CPU || older[0].Machine.Cores != newer[0].Machine.Cores {
		fmt.Fprintln(w, "These are two machines: the figures differ for that reason alone. Ratios between servers may be compared.")
	}
	fmt.Fprint(w, "Ranges: do the lowest and highest of the rounds overlap? Where they do, the difference may be chance.\n\n")
	t.text(w)
	return nil
}

func (r reports) figures() []namedSeries {
	var all []namedSeries
	for _, one := range r {
		all = append(all, one.figures()...)
	}
	return all
}

func (r reports) suites() []string {
	var names []string
	for _, one := range r {
		names = append(names, one.Suite)
	}
	return names
}

// ranges says whether two series overlap, from their lowest to their highest.
func ranges(a, b series) string {
	switch {
	case len(a) < 2 || len(b) < 2:
		return "one round"
	case slices.Max(a) < slices.Min(b) || slices.Max(b) < slices.Min(a):
		return "apart"
	}
	return "overlap"
}

// compareFiles is scripts/bench --compare.
func compareFiles(w io.Writer, older, newer string) error {
	before, errBefore := loadReports(older)
	after, errAfter := loadReports(newer)
	if err := errors.Join(errBefore, errAfter); err != nil {
		return err
	}
	return compare(w, before, after)
}
