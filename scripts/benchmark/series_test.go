package main

import (
	"math"
	"slices"
	"testing"
)

func TestMedian(t *testing.T) {
	tests := []struct {
		of   series
		want float64
	}{
		{series{7}, 7},
		{series{9, 1, 5}, 5},
		{series{4, 1, 3, 100}, 3.5},
		{nil, math.NaN()},
		{series{1, math.NaN(), 3}, math.NaN()},
	}
	for _, test := range tests {
		before := slices.Clone(test.of)
		got := test.of.median()
		if got != test.want && !(math.IsNaN(got) && math.IsNaN(test.want)) {
			t.Errorf("median of %v is %v, want %v", test.of, got, test.want)
		}
		for i := range before {
			if test.of[i] != before[i] && !math.IsNaN(before[i]) {
				t.Errorf("median has put %v in another order: %v", before, test.of)
			}
		}
	}
}

func TestSpread(t *testing.T) {
	if got := (series{8, 10, 12}).spread(); got != 0.4 {
		t.Errorf("got %v, want 0.4", got)
	}
	if got := (series{}).spread(); !math.IsNaN(got) {
		t.Errorf("of nothing: got %v, want NaN", got)
	}
}

// A round in which all were slow has no effect on the ratio.
func TestOverDividesRoundByRound(t *testing.T) {
	of, to := series{10, 1, 20}, series{5, 0.5, 10}
	if got := of.over(to); !slices.Equal(got, series{2, 2, 2}) {
		t.Errorf("got %v, want 2 each", got)
	}
	if got := of.over(nil); len(got) != 0 {
		t.Errorf("over nothing: got %v, want nothing", got)
	}
}
