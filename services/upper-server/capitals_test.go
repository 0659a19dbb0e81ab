package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// specialUpper are the characters whose upper case is more than one: the
// unconditional mappings of SpecialCasing.txt, in its notation.
const specialUpper = `
00DF 0053 0053; 0149 02BC 004E; 01F0 004A 030C; 0390 0399 0308 0301; 03B0 03A5 0308 0301;
0587 0535 0552; 1E96 0048 0331; 1E97 0054 0308; 1E98 0057 030A; 1E99 0059 030A; 1E9A 0041 02BE;
1F50 03A5 0313; 1F52 03A5 0313 0300; 1F54 03A5 0313 0301; 1F56 03A5 0313 0342; 1F80 1F08 0399;
1F81 1F09 0399; 1F82 1F0A 0399; 1F83 1F0B 0399; 1F84 1F0C 0399; 1F85 1F0D 0399; 1F86 1F0E 0399;
1F87 1F0F 0399; 1F88 1F08 0399; 1F89 1F09 0399; 1F8A 1F0A 0399; 1F8B 1F0B 0399; 1F8C 1F0C 0399;
1F8D 1F0D 0399; 1F8E 1F0E 0399; 1F8F 1F0F 0399; 1F90 1F28 0399; 1F91 1F29 0399; 1F92 1F2A 0399;
1F93 1F2B 0399; 1F94 1F2C 0399; 1F95 1F2D 0399; 1F96 1F2E 0399; 1F97 1F2F 0399; 1F98 1F28 0399;
1F99 1F29 0399; 1F9A 1F2A 0399; 1F9B 1F2B 0399; 1F9C 1F2C 0399; 1F9D 1F2D 0399; 1F9E 1F2E 0399;
1F9F 1F2F 0399; 1FA0 1F68 0399; 1FA1 1F69 0399; 1FA2 1F6A 0399; 1FA3 1F6B 0399; 1FA4 1F6C 0399;
1FA5 1F6D 0399; 1FA6 1F6E 0399; 1FA7 1F6F 0399; 1FA8 1F68 0399; 1FA9 1F69 0399; 1FAA 1F6A 0399;
1FAB 1F6B 0399; 1FAC 1F6C 0399; 1FAD 1F6D 0399; 1FAE 1F6E 0399; 1FAF 1F6F 0399; 1FB2 1FBA 0399;
1FB3 0391 0399; 1FB4 0386 0399; 1FB6 0391 0342; 1FB7 0391 0342 0399; 1FBC 0391 0399;
1FC2 1FCA 0399; 1FC3 0397 0399; 1FC4 0389 0399; 1FC6 0397 0342; 1FC7 0397 0342 0399;
1FCC 0397 0399; 1FD2 0399 0308 0300; 1FD3 0399 0308 0301; 1FD6 0399 0342; 1FD7 0399 0308 0342;
1FE2 03A5 0308 0300; 1FE3 03A5 0308 0301; 1FE4 03A1 0313; 1FE6 03A5 0342; 1FE7 03A5 0308 0342;
1FF2 1FFA 0399; 1FF3 03A9 0399; 1FF4 038F 0399; 1FF6 03A9 0342; 1FF7 03A9 0342 0399;
1FFC 03A9 0399; FB00 0046 0046; FB01 0046 0049; FB02 0046 004C; FB03 0046 0046 0049;
FB04 0046 0046 004C; FB05 0053 0054; FB06 0053 0054; FB13 0544 0546; FB14 0544 0535;
FB15 0544 053B; FB16 054E 0546; FB17 0544 053D`

// fullUpper returns the upper case of each character as the Unicode Standard
// has it: from the tables of Go's package unicode and specialUpper, not from
// those that the server uses.
func fullUpper(t testing.TB) func(rune) string {
	t.Helper()
	special := map[rune]string{}
	for entry := range strings.SplitSeq(specialUpper, ";") {
		var runes []rune
		for _, number := range strings.Fields(entry) {
			r, err := strconv.ParseUint(number, 16, 32)
			if err != nil {
				t.Fatal(err)
			}
			runes = append(runes, rune(r))
		}
		special[runes[0]] = string(runes[1:])
	}
	if len(special) != 102 {
		t.Fatalf("%d special mappings, SpecialCasing.txt has 102", len(special))
	}
	return func(r rune) string {
		if upper, ok := special[r]; ok {
			return upper
		}
		return string(unicode.ToUpper(r))
	}
}

// everyCharacter calls with all of Unicode, a thousand characters at a time:
// all code points but the surrogates, which UTF-8 does not have.
func everyCharacter(with func(text []rune)) (count int) {
	var text []rune
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.Is(unicode.Cs, r) {
			text = append(text, r)
			count++
		}
		if len(text) == 1000 || r == unicode.MaxRune {
			with(text)
			text = text[:0]
		}
	}
	return count
}

// UPPER-2, over the wire.
func TestTheCapitalsOfAllCharacters(t *testing.T) {
	upper := fullUpper(t)
	everyWire(t, func(t *testing.T, addr, end string) {
		alice := dial(t, addr)
		count := everyCharacter(func(text []rune) {
			said := string(text)
			if end != "" { // a line: without what ends lines, and NUL
				said = strings.NewReplacer("\n", "", "\r", "", "\x00", "").Replace(said)
			}
			var want strings.Builder
			for _, r := range said {
				want.WriteString(upper(r))
			}
			alice.Send(said + "\n")
			alice.Expect(want.String() + "\nQUIT" + end)
		})
		if count != 1_112_064 {
			t.Errorf("%d characters were tried", count)
		}
	})
}

// upperInNode prints, in hexadecimal, each code point whose upper case is not
// itself, and that upper case.
const upperInNode = `for (let i = 0; i <= 0x10ffff; i++) {
  if (i >= 0xd800 && i <= 0xdfff) continue;
  const c = String.fromCodePoint(i), upper = c.toUpperCase();
  if (upper !== c) console.log(i.toString(16), Buffer.from(upper).toString('hex'));
}`

func TestTheCapitalsAreThoseOfNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	out, err := exec.Command(node, "-e", upperInNode).Output()
	if err != nil {
		t.Fatal(err)
	}
	inNode := map[rune]string{}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		point, upper, _ := strings.Cut(lines.Text(), " ")
		r, err := strconv.ParseUint(point, 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		bytes, err := hex.DecodeString(upper)
		if err != nil {
			t.Fatal(err)
		}
		inNode[rune(r)] = string(bytes)
	}

	caser := cases.Upper(language.Und)
	newer := 0
	everyCharacter(func(text []rune) {
		for _, r := range text {
			want := string(r)
			if upper, changes := inNode[r]; changes {
				want = upper
			}
			got, err := appendUpper(nil, []byte(string(r)), caser)
			switch {
			case err != nil:
				t.Fatal(err)
			case string(got) == want:
			case strings.ContainsFunc(string(r)+want, isNewer):
				newer++
			default:
				t.Errorf("%U: %+q in Node, %+q here", r, want, got)
			}
		}
	})
	t.Logf("%d differ because they, or their capitals, came to Unicode after version %s", newer, unicode.Version)
	if newer > 200 {
		t.Error("those are too many")
	}
}

// isNewer reports whether Go's tables do not know r.
func isNewer(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z,
		unicode.Cc, unicode.Cf, unicode.Co)
}

// In one text or in two: where it is cut, between characters, does not matter.
func FuzzCapitalsHaveNoContext(f *testing.F) {
	f.Add("ὈΔΥΣΣΕΎΣ οδυσσεύς", 5)
	f.Add("i\u0307 α\u0345\u0301 e\u0301 ǆß", 3)
	f.Fuzz(func(t *testing.T, text string, at int) {
		runes := []rune(text) // valid, whatever text is
		at = max(0, min(at, len(runes)))
		caser := cases.Upper(language.Und)
		whole, err := appendUpper(nil, []byte(string(runes)), caser)
		if err != nil {
			t.Fatal(err)
		}
		parts, err := appendUpper(nil, []byte(string(runes[:at])), caser)
		if err != nil {
			t.Fatal(err)
		}
		if parts, err = appendUpper(parts, []byte(string(runes[at:])), caser); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(whole, parts) {
			t.Errorf("%+q cut at %d: %+q, in one %+q", text, at, parts, whole)
		}
	})
}
