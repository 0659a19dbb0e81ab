package main

import (
	"context"
	"math"
	"os/exec"
	"testing"
)

func TestExponentOfThePowerLawThatFits(t *testing.T) {
	for _, test := range []struct {
		name string
		of   func(size float64) float64
		want float64
	}{
		{"constant", func(float64) float64 { return 7 }, 0},
		{"in proportion", func(size float64) float64 { return 3 * size }, 1},
		{"square root", func(size float64) float64 { return 5 * math.Sqrt(size) }, 0.5},
		{"falls", func(size float64) float64 { return 100 / size }, -1},
	} {
		var c curve
		for _, size := range []int{1, 10, 100, 1000} {
			c.add(size, test.of(float64(size)))
		}
		if got := c.fitted().Exponent; got == nil || math.Abs(*got-test.want) > 1e-9 {
			t.Errorf("%s: exponent %v, want %v", test.name, got, test.want)
		}
	}
}

// Points that lie on no power law: the slope of the line through their
// logarithms (0, 0), (1, 1) and (2, 1) is 0.5.
func TestExponentIsOfLeastSquares(t *testing.T) {
	c := curve{Sizes: []int{1, 10, 100}, Values: []float64{1, 10, 10}}.fitted()
	if c.Exponent == nil || math.Abs(*c.Exponent-0.5) > 1e-9 {
		t.Errorf("exponent %v, want 0.5", c.Exponent)
	}
}

func TestNoExponentWithoutThreeMeasuredSizes(t *testing.T) {
	for name, values := range map[string][]float64{
		"two sizes": {1, 2}, "one not measured": {1, math.NaN(), 3}, "divided by nothing": {1, math.Inf(1), 3},
		"too short a window for the kernel's clock": {1, 0, 3},
	} {
		var c curve
		for i, value := range values {
			c.add(1+i, value)
		}
		if got := c.fitted().Exponent; got != nil {
			t.Errorf("%s: exponent %v", name, *got)
		}
	}
}

// A growth has a curve for each figure and server, and one for each figure of
// records held; nothing of what could not be measured.
func TestCurves(t *testing.T) {
	r := &report{
		Growth: []row{
			{Load: "g", Server: "ours", Size: 10, Samples: testSamples(1, 3, 2)},
			{Load: "g", Server: "absent", Size: 10, Missing: "no such program"},
			{Load: "g", Server: "ours", Size: 1000, Samples: testSamples(20)},
			{Load: "g", Server: "absent", Size: 1000, Missing: "no such program"},
		},
		Held: []held{{Server: "keeper", Records: 5, Start: 2}, {Server: "keeper", Records: 5, Start: 4}},
	}
	curves := r.curves(suite{
		growths: []growth{{title: "g", of: "clients", contenders: []contender{{name: "ours"}, {name: "absent"}}}},
		holders: []contender{{name: "keeper"}}, stocks: []int{5},
	})
	for _, want := range []curve{
		{Title: "g", Server: "ours", Figure: cpuPerMessage().name, Sizes: []int{10, 1000}, Values: []float64{2, 20}},
		{Title: heldTitle, Server: "keeper", Figure: "start s", Sizes: []int{5}, Values: []float64{3}},
	} {
		found := false
		for _, got := range curves {
			if got.Server == "absent" {
				t.Errorf("a curve of what was not measured: %+v", got)
			}
			if got.Title == want.Title && got.Server == want.Server && got.Figure == want.Figure {
				found = true
				for i, size := range want.Sizes {
					if got.at(size) != want.Values[i] {
						t.Errorf("%s of %s at %d: %v, want %v", got.Figure, got.Server, size, got.at(size), want.Values[i])
					}
				}
				if !math.IsNaN(got.at(77)) {
					t.Errorf("a value at a size that was not measured: %v", got.at(77))
				}
			}
		}
		if !found {
			t.Errorf("no curve %s of %s; there are %+v", want.Figure, want.Server, curves)
		}
	}
}

// A server whose limit allows fewer clients has a row that says so, and the
// others are measured.
func TestGrowthBeyondTheLimitOfDescriptors(t *testing.T) {
	c := epollWithLimit(t, "90") // and a hundred are spare
	g := growth{
		title: "g", of: "connections", sizes: []int{1}, contenders: []contender{c},
		load: func(title string, n int) load { return exchange{title, n, 64, repeating(pieces)} },
	}
	rows, err := g.measure(t.Context(), paceOf(true), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 || rows[0].Missing != "needs 101 descriptors, ulimit -n is 90" || rows[0].Size != 1 {
		t.Errorf("got %+v", rows)
	}
}

// epollWithLimit is the C peer with a lower limit of open files.
func epollWithLimit(t *testing.T, limit string) contender {
	c, err := builder{checkout: "../..", dir: t.TempDir()}.inC(t.Context(), epollC, echoes(), "epoll_echo.c")
	if err != nil {
		t.Fatal(err)
	}
	if c.missing != "" {
		t.Skip(c.missing)
	}
	command := c.command
	c.command = func(ctx context.Context, port int) (*exec.Cmd, error) {
		cmd, err := command(ctx, port)
		if err != nil {
			return nil, err
		}
		limited := append([]string{"-c", `ulimit -Sn "$0" && exec "$@"`, limit}, cmd.Args...)
		return exec.CommandContext(ctx, "sh", limited...), nil
	}
	return c
}

func TestQuickMeasuresFewSizes(t *testing.T) {
	sizes := []int{1, 10, 100}
	if got := paceOf(true).some(sizes); len(got) != 2 {
		t.Errorf("quick: %v", got)
	}
	if got := paceOf(false).some(sizes); len(got) != 3 {
		t.Errorf("full: %v", got)
	}
	if quick, growth := paceOf(true), paceOf(true).forGrowth(); growth != quick {
		t.Errorf("a quick growth takes longer than a quick load: %+v, %+v", growth, quick)
	}
}
