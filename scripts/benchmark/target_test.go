package main

import (
	"encoding/json"
	"math"
	"testing"
)

func TestVerdict(t *testing.T) {
	tests := []struct {
		bound bound
		value float64
		want  string
	}{
		{atLeast(0.85), 0.85, "met"},
		{atLeast(0.85), 0.849, "missed"},
		{atMost(0.6), 0.6, "met"},
		{atMost(0.6), 0.601, "missed"},
		{exactly(1), 1, "met"},
		{exactly(1), 1.0001, "missed"},
		{exactly(1), 0.9999, "missed"},
		{anything(), 7, "no target"},
		{anything(), math.NaN(), "not measured"},
		{atMost(0.6), math.NaN(), "not measured"},
	}
	for _, test := range tests {
		if got := test.bound.verdict(test.value); got != test.want {
			t.Errorf("%v: %v is %q, want %q", test.bound, test.value, got, test.want)
		}
	}
}

func TestBoundInWords(t *testing.T) {
	for want, bound := range map[string]bound{"≥ 0.85": atLeast(0.85), "≤ 80": atMost(80), "= 1": exactly(1), "-": anything()} {
		if got := bound.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// testSamples is a contender that takes so many CPU seconds for a million
// messages, in each round.
func testSamples(cpu ...float64) []sample {
	var samples []sample
	for _, c := range cpu {
		samples = append(samples, sample{Messages: 1e6, Seconds: 2, ServerCPU: c})
	}
	return samples
}

func TestReportJudges(t *testing.T) {
	r := &report{
		Rows: []row{
			{Load: "l", Server: "ours", Samples: testSamples(1, 4, 3)},
			{Load: "l", Server: "theirs", Samples: testSamples(2, 4, 4)},
			{Load: "l", Server: "absent", Missing: "no such program"},
		},
		Idle: []idleStep{
			{Server: "ours", Clients: 0, Descriptors: 7},
			{Server: "theirs", Clients: 0, Descriptors: 90},
			{Server: "ours", Clients: 10, Descriptors: 17},
			{Server: "theirs", Clients: 10, Missing: "too many"},
		},
		Held: []held{
			{Server: "ours", Records: 9, Start: 0.5, Lists: &sample{P99: 6000}},
			{Server: "ours", Records: 99, Start: 5},
			{Server: "theirs", Records: 9, Start: 2},
			{Server: "absent", Records: 9, Missing: "no such program"},
			{Server: "ours", Records: 9, Start: 0.7, Lists: &sample{P99: 9000}},
		},
		Lab: []measured{{What: "up, s", Rounds: []float64{6, 30, 7}}, {What: "idle, MB", Missing: "no docker"}},
	}
	r.judge(suite{
		ratios: []ratio{
			{"l", cpuPerMessage(), "ours", "theirs", atMost(0.75)},
			{"l", cpuPerMessage(), "ours", "absent", atMost(0.75)},
			{"other", cpuPerMessage(), "ours", "theirs", atMost(0.75)},
		},
		idleBounds: []idleBound{
			{"ours", 10, "descriptors", perConnection, exactly(1)},
			{"theirs", 10, "descriptors", perConnection, exactly(1)},
		},
		heldBounds: []heldBound{
			{"ours", 9, "start", held.start, atMost(1)},
			{"ours", 9, "list", held.listP99, atMost(5)},
			{"theirs", 9, "start", held.start, atMost(1)},
			{"theirs", 9, "list", held.listP99, atMost(5)},
			{"absent", 9, "start", held.start, atMost(1)},
		},
		labBounds: []labBound{{"up, s", atMost(10)}, {"idle, MB", atMost(60)}},
	})
	want := []string{
		"met", "not measured", "not measured",
		"met", "not measured",
		"met", "missed", "missed", "not measured", "not measured",
		"met", "not measured",
	}
	if len(r.Verdicts) != len(want) {
		t.Fatalf("%d verdicts, want %d", len(r.Verdicts), len(want))
	}
	for i, v := range r.Verdicts {
		if v.Says != want[i] {
			t.Errorf("%s: %s, want %s", v.What, v.Says, want[i])
		}
	}
	if got := r.Verdicts[0].Value; got == nil || *got != 0.75 {
		t.Errorf("ratio: got %v, want 0.75, the median of 0.5, 1 and 0.75", got)
	}
	// Not-a-number has no JSON: what is not measured must be left out.
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
}

// A ratio to a server whose CPU time was too short to be seen is no number, and
// has no JSON.
func TestJudgeWhatIsNoNumber(t *testing.T) {
	for _, rounds := range []series{nil, {1, math.Inf(1)}, {math.NaN(), 1}} {
		v := judge("a / b", atMost(1), rounds)
		if v.Says != notMeasured || v.Value != nil || len(v.Rounds) > 0 {
			t.Errorf("%v: got %+v", rounds, v)
		}
		if _, err := json.Marshal(v); err != nil {
			t.Errorf("%v: %v", rounds, err)
		}
	}
}
