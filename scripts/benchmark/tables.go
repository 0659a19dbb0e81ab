package main

import (
	"cmp"
	"fmt"
	"slices"
)

// What the names of columns mean.
const (
	roundsNote = "Medians of %d rounds of %g s in turns; ± is half of highest less lowest. MB/s is one way. " +
		"Cores: how much of a core the server, the load generator and all others on this machine used."
	fullNote = "†: the load generator's core was full, so the rate is a lower limit, and the times are the generator's " +
		"too. With a faster one the server might have done more; its CPU time a message stays as it is."
)

// A section is a table and what is said of it.
type section struct {
	title string
	table table
	notes []string
}

// sections are all tables of the report, the verdicts' excepted.
func (r *report) sections() []section {
	var all []section
	for _, load := range r.loads() {
		all = append(all, section{load, r.loadTable(load), nil})
	}
	for _, title := range r.growthTitles() {
		all = append(all, section{title, r.curveTable(title), r.missingSizes(title)})
	}
	if len(r.Idle) > 0 {
		all = append(all, section{"Idle clients", r.idleTable(), nil})
	}
	if len(r.Lab) > 0 {
		all = append(all, section{"The whole lab", r.labTable(), nil})
	}
	return all
}

func (r *report) loads() []string {
	var loads []string
	for _, row := range r.Rows {
		loads = append(loads, row.Load)
	}
	return slices.Compact(loads)
}

func (r *report) growthTitles() []string {
	var titles []string
	for _, c := range r.Curves {
		titles = append(titles, c.Title)
	}
	return slices.Compact(titles)
}

func (r *report) loadTable(load string) table {
	t := table{words: 1, head: []string{"server", "messages/s", "±", "MB/s", "CPU s/million", "±", "p50 µs", "p99", "p99.9",
		"cores: server", "generator", "others"}}
	ceiling := 0.0
	for _, row := range r.Rows {
		switch {
		case row.Load != load:
			continue
		case row.Missing != "":
			t.add(row.Server + ": " + row.Missing)
			continue
		}
		median := func(f figure) string { return number(row.series(f).median()) }
		cores := func(f figure) string { return fmt.Sprintf("%.2f", row.series(f).median()) }
		t.add(row.Server, median(messageRate()), percent(row.series(messageRate()).spread()), median(byteRate()),
			median(cpuPerMessage()), percent(row.series(cpuPerMessage()).spread()), median(p50()), median(p99()), median(p999()),
			cores(serverCores()), cores(generatorCores())+r.fullMark(row), cores(otherCores()))
		if most := 1e6 / row.series(generatorPerMessage()).median(); isFinite(most) {
			ceiling = max(ceiling, most)
		}
	}
	if r.ServerCore != "" && ceiling > 0 {
		t.add("the load generator itself, at most", number(ceiling))
	}
	return t
}

// fullMark is "†" where the generator could not have done more, because it had
// a core for itself and used all of it.
func (r *report) fullMark(row row) string {
	const full = 0.9
	if r.ServerCore != "" && row.series(generatorCores()).median() > full {
		return "†"
	}
	return ""
}

// curveTable has a line for each figure and server, and a column for each size.
func (r *report) curveTable(title string) table {
	sizes := r.sizes(title)
	t := table{words: 2}
	for _, c := range r.Curves {
		if c.Title != title {
			continue
		}
		if t.head == nil {
			t.head = []string{"figure", "server"}
			for _, size := range sizes {
				t.head = append(t.head, whole(float64(size))+" "+c.Of)
			}
			t.head = append(t.head, "exponent")
		}
		cells := []string{c.Figure, c.Server}
		for _, size := range sizes {
			cells = append(cells, number(c.at(size)))
		}
		exponent := "-"
		if c.Exponent != nil {
			exponent = fmt.Sprintf("%.2f", *c.Exponent)
		}
		t.add(append(cells, exponent)...)
	}
	return t
}

// sizes are all at which something was measured, ascending.
func (r *report) sizes(title string) []int {
	var sizes []int
	for _, c := range r.Curves {
		if c.Title == title {
			sizes = append(sizes, c.Sizes...)
		}
	}
	slices.Sort(sizes)
	return slices.Compact(sizes)
}

// missingSizes says what a growth lacks, and why.
func (r *report) missingSizes(title string) []string {
	var notes []string
	for _, row := range r.Growth {
		if row.Load == title && row.Missing != "" {
			notes = append(notes, row.Server+": "+row.Missing)
		}
	}
	for _, h := range r.Held {
		if title == heldTitle && h.Missing != "" {
			notes = append(notes, h.Server+": "+h.Missing)
		}
	}
	slices.Sort(notes)
	return slices.Compact(notes)
}

// idleTable has medians of the rounds.
func (r *report) idleTable() table {
	t := table{words: 1, head: []string{"server", "clients", "resident MB", "KiB a connection", "descriptors", "a connection"}}
	steps := slices.Clone(r.Idle)
	slices.SortStableFunc(steps, func(a, b idleStep) int { return cmp.Compare(a.Clients, b.Clients) })
	shown := make(map[string]bool)
	for _, s := range steps {
		key := fmt.Sprint(s.Server, s.Clients)
		switch {
		case shown[key]:
			continue
		case s.Missing != "":
			t.add(s.Server+": "+s.Missing, whole(float64(s.Clients)))
		default:
			median := func(of func(empty, full idleStep) float64) string {
				return number(r.idleSeries(s.Server, s.Clients, of).median())
			}
			t.add(s.Server, whole(float64(s.Clients)), median(residentMB), median(kibPerConnection),
				whole(r.idleSeries(s.Server, s.Clients, descriptors).median()), median(perConnection))
		}
		shown[key] = true
	}
	return t
}

func (r *report) verdictTable() table {
	t := table{words: 1, head: []string{"what", "median", "from", "to", "target", "verdict"}}
	for _, v := range r.Verdicts {
		median, lowest, highest := v.range3()
		t.add(v.What, median, lowest, highest, v.Target, v.Says)
	}
	return t
}

func (r *report) labTable() table {
	t := table{words: 1, head: []string{"what", "median", "from", "to"}}
	for _, m := range r.Lab {
		if m.Missing != "" {
			t.add(m.What+": "+m.Missing, "-")
			continue
		}
		t.add(m.What, number(series(m.Rounds).median()), number(slices.Min(m.Rounds)), number(slices.Max(m.Rounds)))
	}
	return t
}

// times is a ratio in a sentence.
func (r *report) times(load string, f figure, of, to string) string {
	return number(r.ratio(load, f, of, to).median())
}
