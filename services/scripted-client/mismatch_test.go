package main

import (
	"strings"
	"testing"
)

func TestShowMismatch(t *testing.T) {
	long := strings.Repeat("0123456789", 20)
	for _, test := range []struct{ want, got, shown string }{
		{"HELLO", "HELO",
			"  expected \"HELLO\"\n" +
				"  got      \"HELO\"\n" +
				"               ^\n"},
		{"HELLO", "HELLO ",
			"  expected \"HELLO\"\n" +
				"  got      \"HELLO \"\n" +
				"                 ^\n"},
		{"HELLO", "", // nothing but an empty line
			"  expected \"HELLO\"\n" +
				"  got      \"\"\n" +
				"            ^\n"},
		{"red", "\x1b[31mred", // an escape sequence does not get through
			"  expected \"red\"\n" +
				"  got      \"\\x1b[31mred\"\n" +
				"            ^\n"},
		{"e\u0301a\tb", "e\u0301a\tc", // four letters and marks, two of them wider or narrower
			"  expected \"e\u0301a\\tb\"\n" +
				"  got      \"e\u0301a\\tc\"\n" +
				"                ^\n"},
		{"* … joined", "* bob left",
			"  expected \"* … joined\"\n" +
				"  got      \"* bob left\"\n" +
				"              ^\n"},
		{long, long[:150] + "x" + long[151:],
			"  expected ...\"" + long[110:] + "\"\n" +
				"  got      ...\"" + long[110:150] + "x" + long[151:] + "\"\n" +
				"               " + strings.Repeat(" ", 40) + "^\n"},
		{"x", long,
			"  expected \"x\"\n" +
				"  got      \"" + long[:120] + "\"...\n" +
				"            ^\n"},
	} {
		var out strings.Builder
		showMismatch(&out, test.want, test.got)
		if out.String() != test.shown {
			t.Errorf("%q and %q:\n%s\nwant:\n%s", test.want, test.got, out.String(), test.shown)
		}
	}
}
