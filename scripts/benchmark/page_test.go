package main

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// madeUp is a run of two suites that nobody has measured.
func madeUp() reports {
	s := suite{
		headline: func(r *report) string { return "**Echo**: " + r.times("64 B", cpuPerMessage(), "ours", "theirs") + "." },
		bars:     barsOf("echo", "64 B", "ours", "theirs", "absent"),
		ratios: []ratio{
			{"64 B", cpuPerMessage(), "ours", "theirs", atMost(0.8)},
			{"64 B", messageRate(), "ours", "theirs", atLeast(2)},
			{"64 B", messageRate(), "ours", "absent", atLeast(2)},
			{"64 B", byteRate(), "ours", "theirs", anything()},
		},
		growths: []growth{{title: "more clients", of: "clients", contenders: []contender{{name: "ours"}, {name: "theirs"}}}},
	}
	date := time.Date(2020, 2, 29, 12, 0, 0, 0, time.UTC)
	echo := &report{
		Suite: "echo", Date: date, Machine: machine{CPU: "Z80", Cores: 1, Go: "go1.26"}, ServerCore: "0", Rounds: 3, Window: 2,
		Rows: []row{
			{Load: "64 B", Server: "ours", Samples: testSamples(1, 2, 3)},
			{Load: "64 B", Server: "theirs", Samples: testSamples(4, 4, 4)},
			{Load: "64 B", Server: "absent", Missing: "no such program"},
		},
	}
	for _, size := range []int{1, 10, 100} {
		echo.Growth = append(echo.Growth,
			row{Load: "more clients", Size: size, Server: "ours", Samples: testSamples(2)},
			row{Load: "more clients", Size: size, Server: "theirs", Samples: testSamples(float64(size))})
	}
	echo.Curves = echo.curves(s)
	echo.judge(s)
	lab := &report{Suite: "lab", Date: date, Rounds: 3, Note: "Cold is cold.", Lab: []measured{
		{What: upHealthy, Rounds: []float64{11, 13, 12}}, {What: "the rest", Missing: "no docker on this machine"},
	}}
	lab.judge(suite{labBounds: []labBound{{upHealthy, atMost(10)}}})
	return reports{echo, lab}
}

var update = flag.Bool("update", false, "write testdata/page.md anew")

func TestPage(t *testing.T) {
	var page strings.Builder
	madeUp().page(&page, map[string]string{"64 B, messages/s: ours / theirs": "They are quick."}, true, true)
	const file = "testdata/page.md"
	if *update {
		if err := os.WriteFile(file, []byte(page.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, wanted := strings.Split(page.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(got), len(wanted)) {
		if cell(got, i) != cell(wanted, i) {
			t.Fatalf("line %d of the page differs from %s (go test -run TestPage . -update writes it anew)\ngot  %s\nwant %s",
				i+1, file, cell(got, i), cell(wanted, i))
		}
	}
}

// What a run publishes is a page, two charts, and figures of which the same page
// can be made again.
func TestPublish(t *testing.T) {
	first, again := t.TempDir(), t.TempDir()
	if err := madeUp().publish(first); err != nil {
		t.Fatal(err)
	}
	saved, err := loadReports(filepath.Join(first, figuresFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := saved.publish(again); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{pageFile, costFile, growthFile, figuresFile} {
		one, err := os.ReadFile(filepath.Join(first, name))
		if err != nil {
			t.Fatal(err)
		}
		two, err := os.ReadFile(filepath.Join(again, name))
		if err != nil || string(one) != string(two) {
			t.Errorf("%s is another one when it is made of the saved figures: %v", name, err)
		}
	}
}

// The charts must be XML, and say what they show.
func TestCharts(t *testing.T) {
	for name, test := range map[string]struct {
		draw func(reports) ([]byte, error)
		says []string
	}{
		"cost":   {costChart, []string{"echo: theirs", "2.00", "1"}},
		"growth": {growthChart, []string{"echo: more clients", "ours (exponent 0.00)", "theirs (exponent 1.00)", "clients", "CPU µs a message"}},
	} {
		picture, err := test.draw(madeUp())
		if err != nil {
			t.Fatal(err)
		}
		texts, err := textsIn(picture)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, want := range test.says {
			if !slices.Contains(texts, want) {
				t.Errorf("%s does not say %q, but %q", name, want, texts)
			}
		}
		if slices.Contains(texts, "echo: absent") {
			t.Errorf("%s has a bar of what was not measured", name)
		}
		if nothing, err := test.draw(reports{{Suite: "echo"}}); nothing != nil || err != nil {
			t.Errorf("%s of nothing: %d bytes, %v", name, len(nothing), err)
		}
	}
}

// textsIn are the texts of an SVG picture, which must be well-formed.
func textsIn(picture []byte) ([]string, error) {
	in := xml.NewDecoder(strings.NewReader(string(picture)))
	var texts []string
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return texts, nil
		}
		if err != nil {
			return texts, err
		}
		if text, ok := token.(xml.CharData); ok && strings.TrimSpace(string(text)) != "" {
			texts = append(texts, string(text))
		}
	}
}

func TestParseReasons(t *testing.T) {
	got, err := parseReasons("For whom it is.\n\n## a / b\n\nOne.\n\nTwo.\n\n## c\nThree.\n")
	want := map[string]string{"a / b": "One.\n\nTwo.", "c": "Three."}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
	for _, text := range []string{"## empty\n", "## a\n\nOne.\n## a\n\nTwo.\n"} {
		if got, err := parseReasons(text); err == nil {
			t.Errorf("%q: got %q, want an error", text, got)
		}
	}
	if _, err := parseReasons(reasonsText); err != nil {
		t.Error(err)
	}
}

func TestTableAsMarkdown(t *testing.T) {
	table := table{words: 1, head: []string{"a|b", "n"}, rows: [][]string{{"x", "1"}, {"no second cell"}}}
	var got strings.Builder
	table.markdown(&got)
	if want := "| a\\|b | n |\n|---|--:|\n| x | 1 |\n| no second cell |  |\n"; got.String() != want {
		t.Errorf("got\n%swant\n%s", &got, want)
	}
}

func TestTableAsText(t *testing.T) {
	table := table{words: 1, head: []string{"what", "µs"}, rows: [][]string{{"é", "1"}, {"longer", "1,000"}}}
	var got strings.Builder
	table.text(&got)
	if want := "  what       µs\n  é           1\n  longer  1,000\n"; got.String() != want {
		t.Errorf("got\n%swant\n%s", &got, want)
	}
}

func TestNumber(t *testing.T) {
	zero := 0.0
	for value, want := range map[float64]string{
		0: "0.00", 0.00123: "0.0012", 0.123: "0.12", 9.99: "9.99", 9.996: "10.0", 99.94: "99.9", 99.96: "100", 1234567: "1,234,567",
		-5: "-5.00", 1 / zero: "-",
	} {
		if got := number(value); got != want {
			t.Errorf("%v: got %q, want %q", value, got, want)
		}
	}
}
