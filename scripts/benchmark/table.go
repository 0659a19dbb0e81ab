package main

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"golang.org/x/text/language"
	locale "golang.org/x/text/message"
)

// A table is for people: in a terminal, or in Markdown.
type table struct {
	// head has one name a column. The first words columns hold words, the
	// others numbers.
	head  []string
	words int
	rows  [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// text writes it with columns of spaces. Numbers end below each other.
func (t *table) text(w io.Writer) {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer out.Flush()
	widths := make([]int, t.words)
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i := range widths {
			widths[i] = max(widths[i], len([]rune(cell(row, i))))
		}
	}
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i := range t.head {
			text := cell(row, i)
			if i < t.words {
				text = fmt.Sprintf("%-*s", widths[i], text)
			}
			fmt.Fprint(out, text, "\t")
		}
		fmt.Fprintln(out)
	}
}

// markdown writes it as GitHub reads it.
func (t *table) markdown(w io.Writer) {
	line := func(cells []string) {
		for i := range t.head {
			fmt.Fprintf(w, "| %s ", strings.ReplaceAll(cell(cells, i), "|", `\|`))
		}
		fmt.Fprintln(w, "|")
	}
	line(t.head)
	for i := range t.head {
		if i < t.words {
			fmt.Fprint(w, "|---")
		} else {
			fmt.Fprint(w, "|--:")
		}
	}
	fmt.Fprintln(w, "|")
	for _, row := range t.rows {
		line(row)
	}
}

// cell is empty where a row has fewer cells than the head.
func cell(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

// number has about three digits, and commas between thousands; "-" for what was
// not measured.
func number(value float64) string {
	switch size := math.Abs(value); {
	case !isFinite(value):
		return "-"
	case size >= 99.95:
		return whole(value)
	case size >= 9.995:
		return fmt.Sprintf("%.1f", value)
	case size == 0 || size >= 0.0995:
		return fmt.Sprintf("%.2f", value)
	}
	return fmt.Sprintf("%.2g", value)
}

// whole is a number without a fraction.
func whole(value float64) string { return locale.NewPrinter(language.English).Sprintf("%.0f", value) }

func isFinite(value float64) bool { return !math.IsNaN(value) && !math.IsInf(value, 0) }

// percent is half of what the lowest and the highest are apart.
func percent(spread float64) string {
	if !isFinite(spread) {
		return "-"
	}
	return fmt.Sprintf("%.0f %%", 50*spread)
}
