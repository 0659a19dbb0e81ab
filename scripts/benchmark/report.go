package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"time"
)

// A report is everything that was measured.
type report struct {
	Suite   string    `json:"suite"`
	Note    string    `json:"note,omitempty"`
	Date    time.Time `json:"date"`
	Machine machine   `json:"machine"`
	// ServerCore is the core that each server had for itself; "": all had all.
	ServerCore string     `json:"server_core"`
	Rounds     int        `json:"rounds"`
	Window     float64    `json:"window_seconds"`
	Rows       []row      `json:"rows"`
	Idle       []idleStep `json:"idle"`
	Stock      int        `json:"stock"` // records that a server held
	Held       []held     `json:"held"`
	Verdicts   []verdict  `json:"verdicts"`
}

func newReport(ctx context.Context, p pace) *report {
	return &report{
		Date: time.Now().UTC().Truncate(time.Second), Machine: thisMachine(ctx),
		Rounds: p.rounds, Window: p.window.Seconds(), Stock: p.stock,
	}
}

// judge compares what was measured with what was wanted.
func (r *report) judge(s suite) {
	for _, want := range s.ratios {
		of := r.row(want.load, want.of).series(want.figure)
		to := r.row(want.load, want.to).series(want.figure)
		what := fmt.Sprintf("%s, %s: %s / %s", want.load, want.figure.name, want.of, want.to)
		r.Verdicts = append(r.Verdicts, judge(what, want.bound, of.over(to)))
	}
	for _, want := range s.idleBounds {
		what := fmt.Sprintf("%d idle clients, %s: %s", want.clients, want.what, want.server)
		r.Verdicts = append(r.Verdicts, judge(what, want.bound, r.idleSeries(want)))
	}
	for _, want := range s.heldBounds {
		what := fmt.Sprintf("%d records held, %s: %s", r.Stock, want.what, want.server)
		r.Verdicts = append(r.Verdicts, judge(what, want.bound, r.heldSeries(want.server, want.of)))
	}
}

// row finds a contender under a load; a zero row where there is none.
func (r *report) row(load, server string) row {
	for _, row := range r.Rows {
		if row.Load == load && row.Server == server {
			return row
		}
	}
	return row{}
}

// idleSeries is one figure of idle clients, round by round.
func (r *report) idleSeries(want idleBound) series {
	var s series
	empty := idleStep{}
	for _, step := range r.Idle {
		switch {
		case step.Server != want.server || step.Missing != "":
			continue
		case step.Clients == 0:
			empty = step
		case step.Clients == want.clients:
			s = append(s, want.of(empty, step))
		}
	}
	return s
}

// heldSeries is one figure of a server that holds records, round by round; an
// empty series where it was not measured.
func (r *report) heldSeries(server string, of func(held) float64) series {
	var s series
	for _, h := range r.Held {
		if h.Server != server || h.Missing != "" {
			continue
		}
		if value := of(h); !math.IsNaN(value) {
			s = append(s, value)
		}
	}
	return s
}

// A summary is what remains of a figure when the rounds are put together.
type summary struct {
	Median float64 `json:"median"`
	Lowest float64 `json:"lowest"`
	Most   float64 `json:"highest"`
}

// MarshalJSON adds to the samples what people want to know of them.
func (r row) MarshalJSON() ([]byte, error) {
	type plain row
	figures := make(map[string]summary)
	for _, f := range allFigures() {
		if s := r.series(f); len(s) > 0 {
			figures[f.name] = summary{s.median(), slices.Min(s), slices.Max(s)}
		}
	}
	return json.Marshal(struct {
		plain
		Figures map[string]summary `json:"figures"`
	}{plain(r), figures})
}

// reports are those of one run, a suite each.
type reports []*report

// save writes them as JSON.
func (r reports) save(file string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
