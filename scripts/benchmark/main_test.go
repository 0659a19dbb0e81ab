package main

import (
	"errors"
	"flag"
	"io"
	"testing"
)

func TestParse(t *testing.T) {
	for _, args := range [][]string{{"echo", "-quick"}, {"-quick", "echo"}, {"--quick"}} {
		o, err := parse(args, io.Discard)
		if err != nil || o.suite != "echo" || !o.quick {
			t.Errorf("parse(%q) = %+v, %v", args, o, err)
		}
	}
	for _, args := range [][]string{{"ping"}, {"echo", "echo"}, {"-fast"}} {
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
