package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
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

// A suite that measures no idle clients has no table of them.
func TestPrintIdleOnlyIfMeasured(t *testing.T) {
	for want, r := range map[bool]*report{
		false: {Suite: "upper"},
		true:  {Suite: "echo", Idle: []idleStep{{Server: "ours"}}},
	} {
		var text strings.Builder
		r.print(&text)
		if got := strings.Contains(text.String(), "Idle clients"); got != want {
			t.Errorf("%s: idle clients in the table: %v, want %v", r.Suite, got, want)
		}
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
