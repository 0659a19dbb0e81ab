package main

import (
	"maps"
	"strings"
	"testing"
)

func TestSplitInfo(t *testing.T) {
	for _, test := range []struct {
		info     string
		language string
		pairs    attributes
		wrong    string // a part of the error
	}{
		{info: "go", language: "go"},
		{info: " console  terminal=alice ", language: "console", pairs: attributes{"terminal": "alice"}},
		{info: "console terminal=a skip=needs-ipv6", language: "console", pairs: attributes{"terminal": "a", "skip": "needs-ipv6"}},
		{info: `console skip="no IPv6 here" terminal=a`, language: "console", pairs: attributes{"terminal": "a", "skip": "no IPv6 here"}},
		{info: "diff file=a/b=c.go", language: "diff", pairs: attributes{"file": "a/b=c.go"}},
		{info: "console terminal", wrong: `"terminal" is not key=value`},
		{info: "console terminal = a", wrong: "is not key=value"},
		{info: "console terminal= a", wrong: "terminal= has no value"},
		{info: "console terminal=a terminal=b", wrong: "terminal= stands there twice"},
		{info: `console skip="open`, wrong: "skip= has no closing quote"},
		{info: `console skip="" terminal=a`, wrong: "skip= has no value"},
		{info: `console skip="a"terminal=b`, wrong: "right behind its closing quote"},
	} {
		language, pairs, err := splitInfo(test.info)
		if test.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), test.wrong) {
				t.Errorf("%q: got error %v, want one with %q", test.info, err, test.wrong)
			}
			continue
		}
		if err != nil || language != test.language || !maps.Equal(pairs, test.pairs) {
			t.Errorf("%q: got %q %v %v", test.info, language, pairs, err)
		}
	}
}

func FuzzSplitInfo(f *testing.F) {
	f.Add(`console terminal=alice skip="no reason"`)
	f.Add("diff file=x")
	f.Add(`a ="`)
	f.Fuzz(func(t *testing.T, info string) {
		language, pairs, err := splitInfo(info)
		if err != nil {
			return
		}
		for key, value := range pairs {
			language += " " + key + `="` + value + `"`
		}
		_, again, err := splitInfo(language)
		hasQuote := false
		for _, value := range pairs {
			hasQuote = hasQuote || strings.Contains(value, `"`)
		}
		if !hasQuote && (err != nil || !maps.Equal(pairs, again)) {
			t.Fatalf("%q gives %v, but written down again %q gives %v %v", info, pairs, language, again, err)
		}
	})
}
