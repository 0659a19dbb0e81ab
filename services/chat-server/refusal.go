package main

import "fmt"

// A refusal is an error that a client hears about, as `! code text`.
type refusal struct {
	code string // one word, for programs
	text string // for people: what was wrong, and what to do
}

func (r *refusal) Error() string { return r.code + " " + r.text }

func refuse(code, format string, args ...any) error {
	return &refusal{code, fmt.Sprintf(format, args...)}
}
