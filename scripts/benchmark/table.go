package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"text/tabwriter"
)

// print writes the report for people.
func (r *report) print(w io.Writer) {
	m := r.Machine
	fmt.Fprintf(w, "\n%s, %s\n%s, %d cores; %s; %s; node %s; %s; %s; %s\n", r.Suite, r.Date.Format("2006-01-02 15:04 MST"),
		m.CPU, m.Cores, m.Kernel, m.Go, m.Node, m.CC, m.IRC, m.Redis)
	fmt.Fprintf(w, "Medians of %d rounds of %g s in turns; ± is half of highest less lowest. MB/s is one way.\n", r.Rounds, r.Window)
	if r.ServerCore != "" {
		fmt.Fprintf(w, "The server has core %s, the load generator another one.\n", r.ServerCore)
		fmt.Fprintf(w, "*: the load generator's core was full; with a faster one the server might have done more.\n")
	}
	if r.Note != "" {
		fmt.Fprintln(w, r.Note)
	}
	fmt.Fprintf(w, "Cores: how much of a core the server, the load generator and all others on this machine used.\n")
	for i, row := range r.Rows {
		if i == 0 || row.Load != r.Rows[i-1].Load {
			fmt.Fprintf(w, "\n%s\n", row.Load)
			r.printLoad(w, row.Load)
		}
	}
	if len(r.Idle) > 0 {
		fmt.Fprintf(w, "\nIdle clients\n")
		r.printIdle(w)
	}
	if len(r.Held) > 0 {
		fmt.Fprintf(w, "\n%d records held\n", r.Stock)
		r.printHeld(w)
	}
	fmt.Fprintf(w, "\nTargets\n")
	r.printVerdicts(w)
}

func (r *report) printLoad(w io.Writer, load string) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer table.Flush()
	fmt.Fprintln(table, "server\tmessages/s\t±\tMB/s\tCPU s/million\t±\tp50 µs\tp99\tp99.9\tcores: server\tgenerator\tothers\t")
	for _, row := range r.Rows {
		switch {
		case row.Load != load:
			continue
		case row.Missing != "":
			fmt.Fprintf(table, "%s\t%s\t\t\t\t\t\t\t\t\t\t\t\n", row.Server, row.Missing)
			continue
		}
		rate, cpu := row.series(messageRate()), row.series(cpuPerMessage())
		fmt.Fprintf(table, "%s\t%.0f\t%.0f%%\t%.1f\t%.2f\t%.0f%%\t%.0f\t%.0f\t%.0f\t%.2f\t%.2f%s\t%.2f\t\n", row.Server,
			rate.median(), 50*rate.spread(), row.series(byteRate()).median(), cpu.median(), 50*cpu.spread(),
			row.series(p50()).median(), row.series(p99()).median(), row.series(p999()).median(),
			row.series(serverCores()).median(), row.series(generatorCores()).median(), r.fullMark(row),
			row.series(otherCores()).median())
	}
}

// fullMark is "*" where the generator could not have done more, because it had
// a core for itself and used all of it.
func (r *report) fullMark(row row) string {
	const full = 0.95
	if r.ServerCore != "" && row.series(generatorCores()).median() >= full {
		return "*"
	}
	return " "
}

func (r *report) printIdle(w io.Writer) {
	steps := slices.Clone(r.Idle)
	slices.SortStableFunc(steps, func(a, b idleStep) int { return cmp.Compare(a.Clients, b.Clients) })
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer table.Flush()
	fmt.Fprintln(table, "clients\tserver\tresident MB\tdescriptors\t")
	for _, s := range steps {
		if s.Missing != "" {
			fmt.Fprintf(table, "%d\t%s\t%s\t\t\n", s.Clients, s.Server, s.Missing)
			continue
		}
		fmt.Fprintf(table, "%d\t%s\t%.1f\t%d\t\n", s.Clients, s.Server, float64(s.Resident)/1e6, s.Descriptors)
	}
}

// printHeld has one line a server: medians of the rounds.
func (r *report) printHeld(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer table.Flush()
	fmt.Fprintln(table, "server\tstart s\tresident MB\tanonymous MB\tlist of 100: p50 ms\tp99\t")
	var shown []string
	for _, h := range r.Held {
		if slices.Contains(shown, h.Server) {
			continue
		}
		shown = append(shown, h.Server)
		if h.Missing != "" {
			fmt.Fprintf(table, "%s\t%s\t\t\t\t\t\n", h.Server, h.Missing)
			continue
		}
		median := func(of func(held) float64) float64 { return r.heldSeries(h.Server, of).median() }
		fmt.Fprintf(table, "%s\t%.2f\t%.1f\t%.1f\t%s\t%s\t\n", h.Server, median(held.start),
			median(held.residentMB), median(held.anonymousMB), orDash(median(held.listP50)), orDash(median(held.listP99)))
	}
}

// orDash is a dash for what was not measured.
func orDash(ms float64) string {
	if math.IsNaN(ms) {
		return "-"
	}
	return fmt.Sprintf("%.2f", ms)
}

func (r *report) printVerdicts(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	defer table.Flush()
	for _, v := range r.Verdicts {
		value := "-"
		if v.Value != nil {
			value = fmt.Sprintf("%.2f  [%.2f … %.2f]", *v.Value, slices.Min(v.Rounds), slices.Max(v.Rounds))
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", v.What, value, v.Target, v.Says)
	}
}
