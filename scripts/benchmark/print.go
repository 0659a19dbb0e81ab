package main

import (
	"fmt"
	"io"
)

// print writes the report for people at a terminal.
func (r *report) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s, %s\n%s\n", r.Suite, r.Date.Format("2006-01-02 15:04 MST"), r.Machine)
	for _, note := range r.notes() {
		fmt.Fprintln(w, note)
	}
	for _, s := range r.sections() {
		fmt.Fprintf(w, "\n%s\n", s.title)
		s.table.text(w)
		for _, note := range s.notes {
			fmt.Fprintln(w, note)
		}
	}
	fmt.Fprintf(w, "\nTargets\n")
	verdicts := r.verdictTable()
	verdicts.text(w)
}

// notes say how to read the tables.
func (r *report) notes() []string {
	var notes []string
	if len(r.Rows) > 0 {
		notes = append(notes, fmt.Sprintf(roundsNote, r.Rounds, r.Window))
		if r.ServerCore != "" {
			notes = append(notes, "The server has a core for itself, the load generator another one.", fullNote)
		}
	}
	if r.Note != "" {
		notes = append(notes, r.Note)
	}
	return notes
}
