package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"time"
)

// A report is everything that was measured.
type report struct {
	Suite string `json:"suite"`
	Note  string `json:"note,omitempty"`
	// Headline is the result in a sentence.
	Headline string    `json:"headline,omitempty"`
	Date     time.Time `json:"date"`
	Machine  machine   `json:"machine"`
	// ServerCore is the core that each server had for itself; "": all had all.
	ServerCore string     `json:"server_core"`
	Rounds     int        `json:"rounds"`
	Window     float64    `json:"window_seconds"`
	Rows       []row      `json:"rows"`
	Growth     []row      `json:"growth,omitempty"`
	Idle       []idleStep `json:"idle,omitempty"`
	Held       []held     `json:"held,omitempty"`
	Curves     []curve    `json:"curves,omitempty"`
	Lab        []measured `json:"lab,omitempty"`
	Bars       []bar      `json:"bars,omitempty"`
	Verdicts   []verdict  `json:"verdicts"`
}

func newReport(p pace) *report {
	return &report{
		Date:   time.Now().UTC().Truncate(time.Second),
		Rounds: p.rounds, Window: p.window.Seconds(),
	}
}

// judge compares what was measured with what was wanted.
func (r *report) judge(s suite) {
	for _, want := range s.ratios {
		what := fmt.Sprintf("%s, %s: %s / %s", want.load, want.figure.name, want.of, want.to)
		r.Verdicts = append(r.Verdicts, judge(what, want.bound, r.ratio(want.load, want.figure, want.of, want.to)))
	}
	for _, want := range s.idleBounds {
		what := fmt.Sprintf("%s idle clients, %s: %s", whole(float64(want.clients)), want.what, want.server)
		r.Verdicts = append(r.Verdicts, judge(what, want.bound, r.idleSeries(want.server, want.clients, want.of)))
	}
	for _, want := range s.heldBounds {
		what := fmt.Sprintf("%s records held, %s: %s", whole(float64(want.records)), want.what, want.server)
		r.Verdicts = append(r.Verdicts, judge(what, want.bound, r.heldSeries(want.server, want.records, want.of)))
	}

	for _, b := range s.bars {
		if ratio := r.ratio(b.Load, cpuPerMessage(), b.Peer, b.Lab).median(); isFinite(ratio) && ratio > 0 {
			b.Ratio = ratio
			r.Bars = append(r.Bars, b)
		}
	}
	if s.headline != nil {
		r.Headline = s.headline(r)
	}
	for _, want := range s.labBounds {
		r.Verdicts = append(r.Verdicts, judge("the whole lab, "+want.what, want.bound, r.labSeries(want.what)))
	}
}

// labSeries is one figure of the whole lab; empty where it was not measured.
func (r *report) labSeries(what string) series {
	for _, m := range r.Lab {
		if m.What == what {
			return m.Rounds
		}
	}
	return nil
}

// ratio is one figure of a contender over that of another, round by round.
func (r *report) ratio(load string, f figure, of, to string) series {
	return r.row(load, of).series(f).over(r.row(load, to).series(f))
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
func (r *report) idleSeries(server string, clients int, of func(empty, full idleStep) float64) series {
	var s series
	empty := idleStep{}
	for _, step := range r.Idle {
		if step.Server != server || step.Missing != "" {
			continue
		}
		if step.Clients == 0 {
			empty = step
		}
		if step.Clients == clients {
			s = append(s, of(empty, step))
		}
	}
	return s
}

// heldSeries is one figure of a server that holds records, round by round; an
// empty series where it was not measured.
func (r *report) heldSeries(server string, records int, of func(held) float64) series {
	var s series
	for _, h := range r.Held {
		if h.Server != server || h.Records != records || h.Missing != "" {
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

// with has newer ones in the place of those of the same suite, or behind.
func (r reports) with(newer reports) reports {
	all := slices.Clone(r)
	for _, one := range newer {
		i := slices.IndexFunc(all, func(old *report) bool { return old.Suite == one.Suite })
		if i < 0 {
			all = append(all, one)
		} else {
			all[i] = one
		}
	}
	return all
}

// save writes them as JSON.
func (r reports) save(file string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o644)
}
