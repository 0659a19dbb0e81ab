package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Where a run leaves what it found, below the lab's folder.
const (
	pageFile    = "BENCHMARKS.md"
	figuresFile = "scripts/benchmark/figures.json"
	costFile    = "lab-guide/charts/cost.svg"
	growthFile  = "lab-guide/charts/growth.svg"
)

// reasonsText says why targets are missed: below a heading with the target's
// name, what measurement has found.
//
//go:embed reasons.md
var reasonsText string

// publish writes the page, its figures and its charts below dir.
func (r reports) publish(dir string) error {
	reasons, err := parseReasons(reasonsText)
	if err != nil {
		return err
	}
	cost, err := costChart(r)
	if err != nil {
		return err
	}
	growth, err := growthChart(r)
	if err != nil {
		return err
	}
	var page strings.Builder
	r.page(&page, reasons, len(cost) > 0, len(growth) > 0)
	for name, text := range map[string][]byte{pageFile: []byte(page.String()), costFile: cost, growthFile: growth} {
		if len(text) == 0 {
			continue
		}
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return err
		}
	}
	file := filepath.Join(dir, figuresFile)
	return errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), r.save(file))
}

// parseReasons takes the text below each heading.
func parseReasons(text string) (map[string]string, error) {
	reasons := make(map[string]string)
	for _, part := range strings.Split("\n"+text, "\n## ")[1:] {
		what, why, _ := strings.Cut(part, "\n")
		what, why = strings.TrimSpace(what), strings.TrimSpace(why)
		if why == "" || reasons[what] != "" {
			return nil, fmt.Errorf("reasons.md: %q has no text, or is there twice", what)
		}
		reasons[what] = why
	}
	return reasons, nil
}

// page writes BENCHMARKS.md.
func (r reports) page(w io.Writer, reasons map[string]string, cost, growth bool) {
	fmt.Fprint(w, "<!-- Written by scripts/bench. Reasons for missed targets are in scripts/benchmark/reasons.md. -->\n\n# How fast it is\n\n")
	fmt.Fprint(w, "The lab's servers beside what people would use instead: the same in Node as the classic guide has it, a loop in C, "+
		"socat, ngircd, Redis. All on one machine, in one run, in turns. The figure to quote is the CPU time that a message costs the "+
		"server: it changes least when the machine has other work."+
		" [lab-guide/how-fast.md](lab-guide/how-fast.md) says why they are as they are.\n\n")
	for _, one := range r {
		if one.Headline != "" {
			fmt.Fprintf(w, "- %s\n", one.Headline)
		}
	}
	if cost {
		fmt.Fprintf(w, "\n![What a message costs in other servers, where it costs 1 in the lab's](%s)\n", costFile)
	}
	r.whereAndWhen(w)
	r.targets(w, reasons)
	if growth {
		fmt.Fprintf(w, "\n## How the cost grows\n\nBoth axes are logarithmic. The exponent is that of the power law that fits best: with 0 a "+
			"message costs the same at every size, with 1 it costs twice as much at twice the size. The figures are in the tables below.\n\n"+
			"![CPU time of a message by number of connections, members, records](%s)\n", growthFile)
	}
	for _, one := range r {
		one.chapter(w)
	}
	fmt.Fprintf(w, "\n## Measure it yourself\n\n```sh\n./scripts/bench --install                           # all suites, the peers from Debian's packages\n"+
		"./scripts/bench echo --quick                         # one suite, to see that it works\n"+
		"./scripts/bench echo --json new.json                 # the figures in a file\n"+
		"./scripts/bench --compare %s new.json\n```\n", figuresFile)
}

func (r reports) whereAndWhen(w io.Writer) {
	if len(r) == 0 {
		return
	}
	fmt.Fprintf(w, "\n## Where and when\n\n")
	t := table{words: 2, head: []string{"what", "which"}}
	t.add("date", r[0].Date.Format("2006-01-02 15:04 MST"))
	for _, part := range r[0].Machine.parts() {
		t.add(part[0], part[1])
	}
	t.markdown(w)
}

// targets are all that there are, and why some are missed.
func (r reports) targets(w io.Writer, reasons map[string]string) {
	t := table{words: 1, head: []string{"target", "wanted", "median", "from", "to", "verdict"}}
	count := make(map[string]int)
	var missed []verdict
	for _, one := range r {
		for _, v := range one.Verdicts {
			if v.Target == anything().String() {
				continue
			}
			count[v.Says]++
			median, lowest, highest := v.range3()
			says := v.Says
			if v.Says == isMissed {
				missed = append(missed, v)
				says = "**missed**"
			}
			t.add(v.What, v.Target, median, lowest, highest, says)
		}
	}
	fmt.Fprintf(w, "\n## Targets\n\n%d met, %d missed, %d not measured. A ratio is the first named divided by the second, round by round.\n\n",
		count[isMet], count[isMissed], count[notMeasured])
	t.markdown(w)
	for _, v := range missed {
		median, lowest, highest := v.range3()
		why := reasons[v.What]
		if why == "" {
			why = "*No reason recorded yet.*"
		}
		fmt.Fprintf(w, "\n### Missed: %s\n\nWanted: %s. Measured: %s (%s to %s).\n\n%s\n", v.What, v.Target, median, lowest, highest, why)
	}
}

// chapter has all tables of a suite.
func (r *report) chapter(w io.Writer) {
	fmt.Fprintf(w, "\n## Suite %s\n\nMeasured %s, lab %s.\n", r.Suite, r.Date.Format("2006-01-02 15:04 MST"), r.Machine.Commit)
	for _, note := range r.notes() {
		fmt.Fprintf(w, "\n%s\n", note)
	}
	for _, s := range r.sections() {
		fmt.Fprintf(w, "\n### %s\n\n", s.title)
		s.table.markdown(w)
		for _, note := range s.notes {
			fmt.Fprintf(w, "\n%s\n", note)
		}
	}
	var others table
	others.words, others.head = 1, []string{"ratio without a target", "median", "from", "to"}
	for _, v := range r.Verdicts {
		if v.Target == anything().String() {
			median, lowest, highest := v.range3()
			others.add(v.What, median, lowest, highest)
		}
	}
	if len(others.rows) > 0 {
		fmt.Fprint(w, "\n### Ratios\n\n")
		others.markdown(w)
	}
}
