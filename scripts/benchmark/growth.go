package main

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// A growth is a load that is measured at several sizes, to see how the cost
// grows.
type growth struct {
	title      string
	of         string // what grows
	sizes      []int  // ascending
	load       func(title string, size int) load
	contenders []contender
}

// measure has one row for each size and contender.
func (g growth) measure(ctx context.Context, p pace, progress func(string, ...any)) ([]row, error) {
	var all []row
	for _, size := range p.some(g.sizes) {
		progress("%d %s", size, g.of)
		rows, err := trial{g.load(g.title, size), g.contenders}.inTurns(ctx, p.forGrowth(), progress)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			rows[i].Size = size
		}
		all = append(all, rows...)
	}
	return all, nil
}

// heldTitle is the growth of records held.
const heldTitle = "more and more records held; 50 connections read, 1 lists"

// A curve is one figure of one contender, by size.
type curve struct {
	Title  string    `json:"title"`
	Of     string    `json:"of"`
	Server string    `json:"server"`
	Figure string    `json:"figure"`
	Sizes  []int     `json:"sizes"`
	Values []float64 `json:"values"` // medians
	// Exponent is k of the power law size^k that fits best: 0 where the
	// size does not matter, 1 where twice the size costs twice as much.
	// nil: fewer than three sizes, or a value of 0.
	Exponent *float64 `json:"exponent"`
}

// at is its value at a size; not-a-number where there is none.
func (c curve) at(size int) float64 {
	if i := slices.Index(c.Sizes, size); i >= 0 {
		return c.Values[i]
	}
	return math.NaN()
}

// add appends a point; one that was not measured is left out.
func (c *curve) add(size int, value float64) {
	if isFinite(value) {
		c.Sizes = append(c.Sizes, size)
		c.Values = append(c.Values, value)
	}
}

// fitted is the curve with its exponent, by least squares of the logarithms.
func (c curve) fitted() curve {
	var x, y []float64
	for i, value := range c.Values {
		if value <= 0 {
			return c
		}
		x = append(x, math.Log(float64(c.Sizes[i])))
		y = append(y, math.Log(value))
	}
	if len(x) < 3 { // two points fit every line
		return c
	}
	_, slope := stat.LinearRegression(x, y, nil, false)
	c.Exponent = &slope
	return c
}

// growingFigures are those of a load.
func growingFigures() []figure { return []figure{cpuPerMessage(), messageRate(), p50(), p99(), p999()} }

// A heldFigure is one of a server that holds records.
type heldFigure struct {
	name string
	of   func(held) float64
}

func heldFigures() []heldFigure {
	return []heldFigure{
		{"CPU s/million reads", held.readCPU}, {"reads/s", held.readRate}, {"read, p99 µs", held.readP99},
		{"list of 100, p50 ms", held.listP50}, {"list of 100, p99 ms", held.listP99},
		{"start s", held.start}, {"resident MB", held.residentMB}, {"of it, anonymous MB", held.anonymousMB},
	}
}

// curves are made of what was measured at several sizes.
func (r *report) curves(s suite) []curve {
	var all []curve
	for _, g := range s.growths {
		for _, f := range growingFigures() {
			for _, contender := range g.contenders {
				c := curve{Title: g.title, Of: g.of, Server: contender.name, Figure: f.name}
				for _, row := range r.Growth {
					if row.Load == g.title && row.Server == contender.name {
						c.add(row.Size, row.series(f).median())
					}
				}
				all = append(all, c.fitted())
			}
		}
	}
	for _, f := range heldFigures() {
		for _, contender := range s.holders {
			c := curve{Title: heldTitle, Of: "records", Server: contender.name, Figure: f.name}
			for _, records := range s.stocks {
				c.add(records, r.heldSeries(contender.name, records, f.of).median())
			}
			all = append(all, c.fitted())
		}
	}
	return slices.DeleteFunc(all, func(c curve) bool { return len(c.Sizes) == 0 })
}
