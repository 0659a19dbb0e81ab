package main

import (
	"fmt"
	"math"
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
		return "not measured"
	case b == anything():
		return "no target"
	case b.least <= value && value <= b.most:
		return "met"
	}
	return "missed"
}

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

// A heldBound is about one contender that holds records.
type heldBound struct {
	server string
	what   string
	of     func(held) float64
	bound  bound
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

func judge(what string, b bound, rounds series) verdict {
	v := verdict{What: what, Target: b.String(), Rounds: rounds}
	value := rounds.median()
	v.Says = b.verdict(value)
	if !math.IsNaN(value) {
		v.Value = &value
	}
	return v
}
