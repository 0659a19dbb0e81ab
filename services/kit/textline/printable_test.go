package textline

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

var printableTests = []struct{ name, in, want string }{
	{"nothing", "", ""},
	{"ASCII stays", " !~09AZaz", " !~09AZaz"},
	{"alphabets stay", "ÄÖß κόσμε мир שלום سلام 世界 ไทย हिन्दी", "ÄÖß κόσμε мир שלום سلام 世界 ไทย हिन्दी"},
	{"combining marks stay", "e\u0301 x\u20DD", "e\u0301 x\u20DD"},
	{"emoji with joiners and selectors stay", "👩‍👩‍👧‍👦 ❤️ 👍🏽 🇩🇪", "👩‍👩‍👧‍👦 ❤️ 👍🏽 🇩🇪"},
	{"non-joiner, no-break space and soft hyphen stay", "\u200C\u00A0\u00AD", "\u200C\u00A0\u00AD"},
	{"U+FFFD stays", "\uFFFD", "\uFFFD"},
	{"U+009F is out, U+00A0 stays", "\u009E\u009C\u00A0", "\u00A0"},

	{"C0 is out", "a\x00b\x01c\x07d\x08e\nf\rg\x0Bh\x1Fi", "abcdefghi"},
	{"DEL is out", "a\x7Fb", "ab"},
	{"C1 is out", "a\u0080b\u0085c\u0099d", "abcd"},
	{"TAB becomes one blank", "a\tb\t\tc", "a b  c"},
	{"line and paragraph separators are out", "a\u2028b\u2029c", "abc"},
	{"bidi marks are out", "a\u200Eb\u200Fc\u061Cd", "abcd"},
	{"bidi embeddings and overrides are out", "a\u202Ab\u202Bc\u202Cd\u202De\u202Ef", "abcdef"},
	{"bidi isolates are out", "a\u2066b\u2067c\u2068d\u2069e", "abcde"},

	{"CSI: colour", "\x1B[31;1mred\x1B[0m", "red"},
	{"CSI: clear the screen", "a\x1B[2J\x1B[Hb", "ab"},
	{"CSI: private parameters", "a\x1B[?25lb", "ab"},
	{"CSI: intermediate", "a\x1B[2 qb", "ab"},
	{"CSI: final bytes @ and ~", "a\x1B[1@b\x1B[3~c", "abc"},
	{"CSI: eight bits", "a\u009B31mb", "ab"},
	{"CSI: without end", "a\x1B[31", "a"},
	{"CSI: nothing but the introducer", "a\x1B[", "a"},
	{"CSI: control characters inside belong to it", "a\x1B[3\n1\tm\x7Fb", "ab"},
	{"CSI: cancelled by CAN and SUB", "a\x1B[3\x181m\x1B[3\x1A1mb", "a1m1mb"},
	{"CSI: cancelled by another sequence", "a\x1B[3\x1B[1mb", "ab"},
	{"CSI: stops at what cannot be part of it", "a\x1B[3éb\x1B[\u009B1mc", "aébc"},

	{"OSC up to BEL", "a\x1B]0;title\x07b", "ab"},
	{"OSC up to ST", "a\x1B]52;c;Zm9v\x1B\\b", "ab"},
	{"OSC up to ST of eight bits", "a\x1B]0;title\u009Cb", "ab"},
	{"OSC of eight bits", "a\u009D0;title\x07b", "ab"},
	{"OSC without end", "a\x1B]0;title", "a"},
	{"OSC with an escape inside goes on", "a\x1B]0;\x1B[31mtitle\x07b", "ab"},
	{"OSC with other alphabets inside", "a\x1B]0;τίτλος\x07b", "ab"},
	{"OSC ending in ESC", "a\x1B]0;title\x1B", "a"},
	{"DCS", "a\x1BPq#0\x1B\\b\u0090q\u009Cc", "abc"},
	{"APC", "a\x1B_Gf=24\x1B\\b\u009Fx\u009Cc", "abc"},
	{"PM", "a\x1B^x\x1B\\b\u009Ex\u009Cc", "abc"},
	{"SOS", "a\x1BXx\x1B\\b\u0098x\u009Cc", "abc"},
	{"ST alone", "a\x1B\\b\u009Cc", "abc"},

	{"ESC and a byte", "a\x1BMb\x1B7c\x1B=d\x1Bce\x1B~f", "abcdef"},
	{"ESC with intermediates", "a\x1B(Bb\x1B#8c\x1B $Ad", "abcd"},
	{"ESC alone", "a\x1B", "a"},
	{"ESC with intermediates and no end", "a\x1B(", "a"},
	{"ESC ESC [", "a\x1B\x1B[31mb", "ab"},
	{"ESC before what cannot follow it", "a\x1Béb\x1B\tc\x1B\x7Fd", "aéb cd"},

	{"what is left does not become a sequence", "\x1B\x00[31mx\x1B\x1B[0m[2Jy", "[31mx[2Jy"},
	{"nothing worse than bytes that are not UTF-8", "a\x80\x80b", "a\uFFFD\uFFFDb"},
	{"bytes that are not UTF-8", "a\x9B31mb\xE2\x82\x1B[0mc", "a\uFFFD31mb\uFFFDc"},
}

func TestPrintable(t *testing.T) {
	for _, test := range printableTests {
		t.Run(test.name, func(t *testing.T) {
			if got := Printable(test.in); got != test.want {
				t.Errorf("Printable(%q) = %q, want %q", test.in, got, test.want)
			}
			checkPrintable(t, test.in)
		})
	}
}

func TestPrintableTextIsNotCopied(t *testing.T) {
	text := strings.Repeat("κόσμε 👩‍👧 world ", 20)
	if allocs := testing.AllocsPerRun(100, func() { Printable(text) }); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

func FuzzPrintable(f *testing.F) {
	for _, test := range printableTests {
		f.Add(test.in)
	}
	f.Fuzz(checkPrintable)
}

func checkPrintable(t *testing.T, in string) {
	got := Printable(in)
	if want := referencePrintable(in); got != want {
		t.Errorf("Printable(%q) = %q, the reference implementation says %q", in, got, want)
	}
	for _, c := range got {
		if dangerous(c) {
			t.Errorf("Printable(%q) = %q, with %U", in, got, c)
		}
	}
	if !utf8.ValidString(got) {
		t.Errorf("Printable(%q) = %q, not UTF-8", in, got)
	}
	if again := Printable(got); again != got {
		t.Errorf("Printable(%q) = %q, and again: %q", in, got, again)
	}
	if utf8.ValidString(in) && !strings.ContainsFunc(in, dangerous) && got != in {
		t.Errorf("Printable(%q) = %q, which was printable", in, got)
	}
}

// dangerous has the list written out, where the code asks package unicode.
func dangerous(c rune) bool {
	return c < 0x20 || 0x7F <= c && c <= 0x9F || c == 0x061C || c == 0x200E || c == 0x200F ||
		0x2028 <= c && c <= 0x202E || 0x2066 <= c && c <= 0x2069 || unicode.IsControl(c)
}

// referencePrintable is the grammar of the sequences as regular expressions.
func referencePrintable(in string) string {
	sequence := regexp.MustCompile(
		`(?:\x1B\[|\x{9B})[\x00-\x17\x19\x1C-\x3F\x7F]*[@-~]?` +
			`|(?:\x1B[P\]X^_]|[\x{90}\x{98}\x{9D}-\x{9F}])(?s:.*?)(?:\x07|\x{9C}|\x1B\\|\z)` +
			`|\x1B[ -/]*[0-~]?`)
	out := sequence.ReplaceAllString(whatwgDecode([]byte(in)), "")
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\t':
			return ' '
		case dangerous(c):
			return -1
		}
		return c
	}, out)
}
