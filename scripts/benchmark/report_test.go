package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSaveKeepsAllSuites(t *testing.T) {
	file := filepath.Join(t.TempDir(), "figures.json")
	if err := (reports{{Suite: "echo"}, {Suite: "upper"}}).save(file); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got []struct{ Suite string }
	if err := json.Unmarshal(text, &got); err != nil || len(got) != 2 || got[0].Suite != "echo" || got[1].Suite != "upper" {
		t.Errorf("got %+v, %v; want echo and upper", got, err)
	}
}

// A suite that measures no idle clients, or no records held, has no table of
// them.
func TestPrintOnlyWhatWasMeasured(t *testing.T) {
	for _, test := range []struct {
		report     *report
		idle, held bool
	}{
		{&report{Suite: "upper"}, false, false},
		{&report{Suite: "echo", Idle: []idleStep{{Server: "ours"}}}, true, false},
		{&report{Suite: "crud", Held: []held{{Server: "ours"}}}, false, true},
	} {
		var text strings.Builder
		test.report.print(&text)
		if got := strings.Contains(text.String(), "Idle clients"); got != test.idle {
			t.Errorf("%s: idle clients in the table: %v, want %v", test.report.Suite, got, test.idle)
		}
		if got := strings.Contains(text.String(), "records held"); got != test.held {
			t.Errorf("%s: records held in the table: %v, want %v", test.report.Suite, got, test.held)
		}
	}
}

// A line each for a server that lists, for one that has nothing like it, and for
// one that is not there.
func TestPrintHeld(t *testing.T) {
	r := &report{Stock: 5000, Held: []held{
		{Server: "absent", Missing: "no such program"},
		{Server: "lists", Start: 0.5, Resident: 9e6, Anonymous: 4e6, Lists: &sample{P50: 1500, P99: 7250}},
		{Server: "bare", Start: 2},
		{Server: "lists", Start: 0.7, Resident: 9e6, Anonymous: 6e6, Lists: &sample{P50: 2500, P99: 7250}},
		{Server: "bare", Start: 2},
	}}
	var text strings.Builder
	r.printHeld(&text)
	var got []string
	for line := range strings.Lines(text.String()) {
		got = append(got, strings.Join(strings.Fields(line), " "))
	}
	want := []string{
		"server start s resident MB anonymous MB list of 100: p50 ms p99",
		"absent no such program",
		"lists 0.60 9.0 5.0 2.00 7.25",
		"bare 2.00 0.0 0.0 - -",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

// A reader must see which figures are the generator's limit and not the
// server's.
func TestPrintMarksFullGenerator(t *testing.T) {
	for _, test := range []struct {
		serverCore string
		generator  float64 // CPU seconds of a second
		want       bool
	}{
		{"0", 0.99, true},
		{"0", 0.9, false},
		{"", 1.4, false}, // it has all cores, and may have had more
	} {
		busy := sample{Messages: 1, Seconds: 1, GeneratorCPU: test.generator}
		r := &report{ServerCore: test.serverCore, Rows: []row{{Load: "l", Server: "s", Samples: []sample{busy}}}}
		var text strings.Builder
		r.print(&text)
		if got := strings.Contains(text.String(), fmt.Sprintf("%.2f*", test.generator)); got != test.want {
			t.Errorf("%+v: marked: %v; the table:\n%s", test, got, &text)
		}
	}
}
