package main

import (
	"math"
	"slices"
)

// A series is one figure, measured once in each round. NaN: not measured.
type series []float64

// median is the middle value: unlike the mean, it does not mind one round in
// which the machine was busy with something else.
func (s series) median() float64 {
	sorted := slices.Sorted(slices.Values(s))
	n := len(sorted)
	switch {
	case n == 0 || slices.ContainsFunc(s, math.IsNaN):
		return math.NaN()
	case n%2 == 1:
		return sorted[n/2]
	default:
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
}

// spread is how far the lowest and the highest are apart, as a part of the
// median.
func (s series) spread() float64 {
	if len(s) == 0 {
		return math.NaN()
	}
	return (slices.Max(s) - slices.Min(s)) / s.median()
}

// over divides round by round. What slows down the machine in one round slows
// down both, so that ratios are steadier than the figures they are made of.
func (s series) over(other series) series {
	var ratios series
	for i := range min(len(s), len(other)) {
		ratios = append(ratios, s[i]/other[i])
	}
	return ratios
}
