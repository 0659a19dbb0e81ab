package main

import (
	"errors"
	"flag"
	"io"
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		args []string
		want []string
	}{
		{[]string{"echo", "-quick"}, []string{"echo"}},
		{[]string{"-quick", "echo"}, []string{"echo"}},
		{[]string{"upper", "--quick"}, []string{"upper"}},
		{[]string{"--quick"}, []string{"echo", "upper", "chat", "crud"}},
	} {
		o, err := parse(test.args, io.Discard)
		if got := names(o.suites); err != nil || !slices.Equal(got, test.want) || !o.quick {
			t.Errorf("parse(%q): suites %q, quick %v, %v; want %q", test.args, got, o.quick, err, test.want)
		}
	}
	for _, args := range [][]string{{"ping"}, {""}, {"echo", "echo"}, {"echo", "upper"}, {"-fast"}} {
		if _, err := parse(args, io.Discard); !errors.Is(err, errUsage) {
			t.Errorf("parse(%q): error %v, want wrong usage", args, err)
		}
	}
	if _, err := parse([]string{"-h"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: error %v", err)
	}
}

func TestLastWordsKeepsTheEnd(t *testing.T) {
	var said lastWords
	for range 1000 {
		said.Write([]byte("noise "))
	}
	said.Write([]byte("end"))
	got := said.String()
	if len(got) != maxLastWords || got[len(got)-3:] != "end" {
		t.Errorf("got %d bytes, ending in %q", len(got), got[len(got)-10:])
	}
}
