package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"slices"
	"strings"
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
		{[]string{"--quick"}, []string{"echo", "upper", "chat", "crud", "lab"}},
	} {
		o, err := parse(test.args, io.Discard)
		if got := names(o.suites); err != nil || !slices.Equal(got, test.want) || !o.quick {
			t.Errorf("parse(%q): suites %q, quick %v, %v; want %q", test.args, got, o.quick, err, test.want)
		}
	}
	for _, args := range [][]string{{"ping"}, {""}, {"echo", "echo"}, {"echo", "upper"}, {"-fast"},
		{"--compare", "one"}, {"--compare", "1", "2", "3"}, {"echo", "--compare", "1", "2"}} {
		if _, err := parse(args, io.Discard); !errors.Is(err, errUsage) {
			t.Errorf("parse(%q): error %v, want wrong usage", args, err)
		}
	}
	if _, err := parse([]string{"-h"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: error %v", err)
	}
}

// A full run of all suites writes the page; all else only when it is asked to.
func TestParseWhatIsWritten(t *testing.T) {
	for line, want := range map[string]string{
		"--checkout lab":                     "lab",
		"--checkout lab --quick":             "",
		"--checkout lab echo":                "",
		"--checkout lab --write there":       "there",
		"--checkout lab echo --write there":  "there",
		"--checkout lab --quick --write lab": "lab",
		"--checkout lab --from file":         "lab",
		"--from file --write there":          "there",
		"--checkout lab --from file echo":    "lab",
		"--from file echo --quick":           "",
	} {
		o, err := parse(strings.Fields(line), io.Discard)
		if err != nil || o.write != want {
			t.Errorf("%s: writes below %q, %v; want %q", line, o.write, err, want)
		}
	}
}

// With the figures of an earlier run, only what is named is measured anew.
func TestParseFrom(t *testing.T) {
	for line, want := range map[string][]string{"--from file": nil, "--from file crud": {"crud"}, "upper --from file": {"upper"}} {
		if o, err := parse(strings.Fields(line), io.Discard); err != nil || !slices.Equal(names(o.suites), want) || o.from != "file" {
			t.Errorf("%s: measures %q, %v; want %q", line, names(o.suites), err, want)
		}
	}
}

func TestParseCompare(t *testing.T) {
	o, err := parse([]string{"--compare", "old.json", "new.json"}, io.Discard)
	if err != nil || !slices.Equal(o.compare, []string{"old.json", "new.json"}) || o.write != "" {
		t.Errorf("got %+v, %v", o, err)
	}
}

// The suites before one that fails are returned, and Ctrl-C is told from a
// failure.
func TestMeasureInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	killed := errors.New("signal: killed")
	o := options{checkout: "../..", quick: true, suites: []namedSuite{
		{"empty", func(context.Context, builder) (suite, error) { return suite{}, nil }},
		{"ended", func(context.Context, builder) (suite, error) { interrupt(); return suite{}, killed }},
	}}
	all, err := o.measure(ctx, io.Discard, t.Logf)
	if len(all) != 1 || all[0].Suite != "empty" {
		t.Errorf("got %d reports, want that of the suite before", len(all))
	}
	if !errors.Is(err, killed) || exitCode(err, io.Discard) != 130 {
		t.Errorf("got %v and exit code %d, want 130", err, exitCode(err, io.Discard))
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
