package textline

import (
	"bufio"
	"encoding/hex"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"
)

var utf8Tests = []struct{ name, in, want string }{
	{"nothing", "", ""},
	{"ASCII", "abc\x00\x7F", "abc\x00\x7F"},
	{"two, three and four bytes", "é€𝄞", "é€𝄞"},
	{"first and last of each length", "\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\U00010000\U0010FFFF",
		"\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\U00010000\U0010FFFF"},
	{"U+FFFD itself", "a\uFFFDb", "a\uFFFDb"},
	{"a byte order mark stays", "\uFEFFa", "\uFEFFa"},
	{"lone continuation bytes: one each", "\x80\xBF", "\uFFFD\uFFFD"},
	{"bytes that never occur", "\xC0\xC1\xF5\xFE\xFF", strings.Repeat("\uFFFD", 5)},
	{"overlong /", "\xC0\xAF\xE0\x80\xAF\xF0\x80\x80\xAF", strings.Repeat("\uFFFD", 9)},
	{"surrogates: one for each byte", "\xED\xA0\x80\xED\xBF\xBF", strings.Repeat("\uFFFD", 6)},
	{"beyond U+10FFFF", "\xF4\x90\x80\x80", strings.Repeat("\uFFFD", 4)},
	{"two of three bytes: one", "\xE2\x82", "\uFFFD"},
	{"three of four bytes: one", "\xF0\x9D\x84", "\uFFFD"},
	{"cut short by a letter, which stays", "\xF0\x9D\x84a\xE2b", "\uFFFDa\uFFFDb"},
	{"cut short by a character, which stays", "\xE2\x82é\xF0\x9D\xE2\x82\xAC", "\uFFFDé\uFFFD€"},
	{"Unicode chapter 3.9, table 3-8", "\x61\xF1\x80\x80\xE1\x80\xC2\x62\x80\x63\x80\xBF\x64",
		"a\uFFFD\uFFFD\uFFFDb\uFFFDc\uFFFD\uFFFDd"},
	{"Unicode chapter 3.9, table 3-11", "\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", "\uFFFD\uFFFD\uFFFD\uFFFDA"},
}

func TestValidUTF8(t *testing.T) {
	for _, test := range utf8Tests {
		t.Run(test.name, func(t *testing.T) {
			if got := string(ValidUTF8([]byte(test.in))); got != test.want {
				t.Errorf("ValidUTF8(% X) = %q, want %q", test.in, got, test.want)
			}
			if got := whatwgDecode([]byte(test.in)); got != test.want {
				t.Errorf("the reference implementation says %q, want %q", got, test.want)
			}
			for i := range test.in {
				for j := i; j < len(test.in); j++ {
					if got := decodePieces(test.in[:i], test.in[i:j], test.in[j:]); got != test.want {
						t.Errorf("cut at %d and %d: %q, want %q", i, j, got, test.want)
					}
				}
			}
		})
	}
}

func decodePieces(all ...string) string {
	var d Decoder
	var out []byte
	for _, piece := range all {
		out = d.Append(out, []byte(piece))
	}
	return string(d.Flush(out))
}

func TestDecoderHoldsNothingBackButAnUnfinishedCharacter(t *testing.T) {
	var d Decoder
	for _, step := range []struct{ piece, want string }{
		{"a", "a"}, {"\xE2", ""}, {"\x82", ""}, {"\xACb", "€b"},
		{"\xF0", ""}, {"c", "\uFFFDc"}, // not the four bytes that F0 announced
		{"\xF0\x9D", ""}, {"\xE2", "\uFFFD"}, {"\x82\xAC", "€"},
		{"", ""}, {"\x80", "\uFFFD"},
	} {
		if got := string(d.Append(nil, []byte(step.piece))); got != step.want {
			t.Errorf("%q brought %q, want %q", step.piece, got, step.want)
		}
	}
	if got := d.Flush(nil); len(got) > 0 {
		t.Errorf("nothing was unfinished, got %q", got)
	}
}

func TestFlushEndsTheStream(t *testing.T) {
	var d Decoder
	d.Append(nil, []byte("\xE2\x82"))
	if got := string(d.Flush([]byte("a"))); got != "a\uFFFD" {
		t.Errorf("got %q, want one U+FFFD behind the a", got)
	}
	if got := string(d.Append(nil, []byte("\xACb"))); got != "\uFFFDb" {
		t.Errorf("got %q; the next stream must not complete the last one's character", got)
	}
}

func TestValidTextIsNotCopied(t *testing.T) {
	text := []byte("κόσμε, world")
	if got := ValidUTF8(text); &got[0] != &text[0] {
		t.Error("ValidUTF8 copied valid text")
	}
	dst := make([]byte, 0, 100)
	var d Decoder
	allocs := testing.AllocsPerRun(100, func() {
		dst = d.Append(dst[:0], text[:1]) // κ in two pieces
		dst = d.Flush(d.Append(dst, text[1:]))
	})
	if allocs != 0 || string(dst) != string(text) {
		t.Errorf("Decoder: %v allocations, %q", allocs, dst)
	}
}

func TestValidUTF8DoesNotChangeItsArgument(t *testing.T) {
	text := "a\xE2\x82b\x80"
	p := []byte(text)
	if ValidUTF8(p); string(p) != text {
		t.Errorf("%q became %q", text, p)
	}
}

func FuzzValidUTF8(f *testing.F) {
	for _, test := range utf8Tests {
		f.Add([]byte(test.in), []byte{1, 2, 3})
	}
	f.Fuzz(func(t *testing.T, p, cuts []byte) {
		want := whatwgDecode(p)
		if got := string(ValidUTF8(p)); got != want {
			t.Errorf("ValidUTF8(% X) = %q, want %q", p, got, want)
		}
		if all := cut(p, cuts); decodePieces(all...) != want {
			t.Errorf("in pieces %q: %q, want %q", all, decodePieces(all...), want)
		}
	})
}

const nodeDecoder = `
process.stdin.setEncoding('latin1');
let input = '';
process.stdin.on('data', (d) => { input += d; });
process.stdin.on('end', () => {
  for (const line of input.split('\n').slice(0, -1)) {
    const text = Buffer.from(line, 'hex').toString();
    console.log(Buffer.from(text).toString('hex'));
  }
});`

func TestValidUTF8AgreesWithNode(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed: ValidUTF8 was NOT compared with Buffer.toString()")
	}
	samples := brokenTexts(2000)
	var input strings.Builder
	for _, p := range samples {
		input.WriteString(hex.EncodeToString(p) + "\n")
	}
	cmd := exec.CommandContext(t.Context(), node, "-e", nodeDecoder)
	cmd.Stdin = strings.NewReader(input.String())
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	answers := bufio.NewScanner(strings.NewReader(string(output)))
	for _, p := range samples {
		answers.Scan()
		want, err := hex.DecodeString(answers.Text())
		if err != nil {
			t.Fatal(err)
		}
		if got := ValidUTF8(p); string(got) != string(want) {
			t.Fatalf("ValidUTF8(% X) = %q, node says %q", p, got, want)
		}
	}
	if answers.Scan() {
		t.Errorf("node gave more than %d answers", len(samples))
	}
}

// brokenTexts makes byte strings of the places where UTF-8 decoders differ:
// the edges of the ranges, and beginnings of characters.
func brokenTexts(n int) [][]byte {
	random := rand.New(rand.NewPCG(1, 2))
	edges := []byte("\x00a\x7F\x80\x8F\x90\x9F\xA0\xBF\xC0\xC1\xC2\xDF\xE0\xE1\xEC\xED\xEE\xEF\xF0\xF1\xF3\xF4\xF5\xFF")
	texts := make([][]byte, n)
	for i := range texts {
		for range 1 + random.IntN(12) {
			if random.IntN(4) > 0 {
				texts[i] = append(texts[i], edges[random.IntN(len(edges))])
				continue
			}
			whole := utf8.AppendRune(nil, rune(random.IntN(utf8.MaxRune)))
			texts[i] = append(texts[i], whole[:1+random.IntN(len(whole))]...)
		}
	}
	return texts
}
