package main

import (
	"bytes"
	"errors"
	"flag"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	defaults := config{host: "h", port: "1", timeout: 10 * time.Second, wait: 10 * time.Second}
	with := func(change func(*config)) config {
		changed := defaults
		change(&changed)
		return changed
	}
	tests := []struct {
		args  string
		want  config
		wrong string // a part of the error
	}{
		{"h 1", defaults, ""},
		{"h:1", defaults, ""},
		{"[::1]:65535", with(func(c *config) { c.host, c.port = "::1", "65535" }), ""},
		{"::1 80", with(func(c *config) { c.host, c.port = "::1", "80" }), ""},
		{"-hex h 1", with(func(c *config) { c.hex = true }), ""},
		{"h 1 -hex -crlf", with(func(c *config) { c.hex, c.crlf = true, true }), ""},
		{"h -quit BYE 1", with(func(c *config) { c.quit = "BYE" }), ""},
		{"-timeout 1s -wait 0 h 1", with(func(c *config) { c.timeout, c.wait = time.Second, 0 }), ""},
		{"", config{}, "which server?"},
		{"h", config{}, `"h" names no port`},
		{"::1", config{}, `"::1" names no port`},
		{":1", config{}, "the host is missing"},
		{"h http", config{}, `"http" is no port`},
		{"h 0", config{}, `"0" is no port`},
		{"h 65536", config{}, `"65536" is no port`},
		{"h 1 2", config{}, "one HOST and one PORT"},
		{"-loud h 1", config{}, "-loud"},
		{"-timeout 0 h 1", config{}, "-timeout 0s"},
		{"-timeout 10 h 1", config{}, `"10"`},
		{"-wait -1s h 1", config{}, "-wait -1s"},
		{"-quit \n h 1", config{}, "one line"},
	}
	for _, test := range tests {
		t.Run(test.args, func(t *testing.T) {
			got, err := parse(strings.FieldsFunc(test.args, func(c rune) bool { return c == ' ' }))
			var usage *usageError
			switch {
			case test.wrong == "" && (err != nil || got != test.want):
				t.Errorf("got %+v, %v", got, err)
			case test.wrong != "" && (!errors.As(err, &usage) || !strings.Contains(err.Error(), test.wrong)):
				t.Errorf("the error is %v, want %q", err, test.wrong)
			}
		})
	}
	if _, err := parse([]string{"-help"}); err != flag.ErrHelp {
		t.Errorf("-help is %v", err)
	}
}

func TestHelpNamesEveryFlag(t *testing.T) {
	for _, name := range []string{"hex", "quit", "crlf", "timeout", "wait"} {
		if !strings.Contains(help, "\n  -"+name+" ") {
			t.Errorf("-%s is missing", name)
		}
	}
}

func TestHelp(t *testing.T) {
	client := piped(t, nil, "-help")
	client.exits(0)
	if got := client.out.String(); got != help {
		t.Errorf("stdout is %q", got)
	}
	if rows := strings.Count(help, "\n"); rows > 23 {
		t.Errorf("%d rows: the first have left a window of 24 when the prompt is back", rows)
	}
	for line := range strings.Lines(help) {
		if len(line) > 81 {
			t.Errorf("%d columns: %s", len(line)-1, line)
		}
	}
}

func TestWrongUsage(t *testing.T) {
	client := piped(t, nil, "echo-server")
	client.exits(2)
	if got := client.err.String(); got != `interactive-client: "echo-server" names no port: say HOST PORT, such as echo-server 8124; -help shows how it goes`+"\n" {
		t.Errorf("stderr is %q", got)
	}
	if out := client.out.raw(); len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("stdout is %q", out)
	}
}
