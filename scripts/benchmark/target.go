package main

import (
	"fmt"
	"math"
	"slices"
)

// A bound is how good a figure must be: within least and most.
type bound struct{ least, most float64 }

func atLeast(limit float64) bound { return bound{limit, math.Inf(1)} }
func atMost(limit float64) bound  { return bound{math.Inf(-1), limit} }
func exactly(value float64) bound { return bound{value, value} }

// anything is for a figure that is worth showing, with no target.
func anything() bound { return bound{math.Inf(-1), math.Inf(1)} }

func (b bound) String() string {
	switch {
	case b == anything():
		return "-"
	case b.least == b.most:
		return fmt.Sprintf("= %g", b.least)
	case math.IsInf(b.least, 0):
		return fmt.Sprintf("≤ %g", b.most)
	}
	return fmt.Sprintf("≥ %g", b.least)
}

// verdict says in a word whether value is good enough. Nothing depends on it:
// a slow day of a shared machine is no error.
func (b bound) verdict(value float64) string {
	switch {
	case math.IsNaN(value):
		return notMeasured
	case b == anything():
		return "no target"
	case b.least <= value && value <= b.most:
		return isMet
	}
	return isMissed
}

// What a verdict on a target says.
const (
	isMet       = "met"
	isMissed    = "missed"
	notMeasured = "not measured"
)

// A ratio compares one figure of two contenders under the same load.
type ratio struct {
	load   string
	figure figure
	of, to string // contenders
	bound  bound
}

// An idleBound is about one contender with so many idle clients.
type idleBound struct {
	server  string
	clients int
	what    string
	// of computes it from the server without clients and with them.
	of    func(empty, full idleStep) float64
	bound bound
}

// A heldBound is about one contender that holds so many records.
type heldBound struct {
	server  string
	records int
	what    string
	of      func(held) float64
	bound   bound
}

// A bar of the chart is what a message costs a peer in CPU time, where it costs
// the lab's server 1.
type bar struct {
	Label string  `json:"label"` // of the load, short
	Load  string  `json:"load"`
	Lab   string  `json:"lab"`
	Peer  string  `json:"peer"`
	Ratio float64 `json:"ratio"`
}

// barsOf are those of one load.
func barsOf(label, load, lab string, peers ...string) []bar {
	var bars []bar
	for _, peer := range peers {
		bars = append(bars, bar{Label: label, Load: load, Lab: lab, Peer: peer})
	}
	return bars
}

// A labBound is about the lab as a whole.
type labBound struct {
	what  string
	bound bound
}

// A verdict is a target and what became of it.
type verdict struct {
	What   string `json:"what"`
	Target string `json:"target"`
	// Rounds is the value in each round, Value their median, missing
	// where nothing could be measured.
	Rounds []float64 `json:"rounds"`
	Value  *float64  `json:"value"`
	Says   string    `json:"verdict"`
}

// range3 are its median, lowest and highest, for a table.
func (v verdict) range3() (median, lowest, highest string) {
	if v.Value == nil {
		return "-", "-", "-"
	}
	return number(*v.Value), number(slices.Min(v.Rounds)), number(slices.Max(v.Rounds))
}

// judge is about the median of the rounds. A window in which the server's CPU
// time was less than the kernel can tell makes ratios that are no numbers.
func judge(what string, b bound, rounds series) verdict {
	v := verdict{What: what, Target: b.String(), Says: b.verdict(math.NaN())}
	if len(rounds) > 0 && !slices.ContainsFunc(rounds, func(value float64) bool { return !isFinite(value) }) {
		value := rounds.median()
		v.Rounds, v.Value, v.Says = rounds, &value, b.verdict(value)
	}
	return v
}
