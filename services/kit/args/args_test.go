package args

import (
	"errors"
	"flag"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, test := range []struct {
		line  string
		words []string
		hex   bool
		name  string
	}{
		{"", nil, false, ""},
		{"echo 8124", []string{"echo", "8124"}, false, ""},
		{"-hex echo 8124", []string{"echo", "8124"}, true, ""},
		{"echo --name a 8124 -hex", []string{"echo", "8124"}, true, "a"},
	} {
		flags := flag.NewFlagSet("", flag.ContinueOnError)
		hex, name := flags.Bool("hex", false, ""), flags.String("name", "", "")
		words, err := Parse(flags, strings.Fields(test.line))
		if err != nil || !slices.Equal(words, test.words) || *hex != test.hex || *name != test.name {
			t.Errorf("%q: %q, -hex %v, -name %q, %v", test.line, words, *hex, *name, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if _, err := Parse(flags, []string{"echo", "-help"}); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-help: %v", err)
	}
	if _, err := Parse(flags, []string{"echo", "-loud"}); err == nil {
		t.Error("-loud is no flag, and no error")
	}
}
