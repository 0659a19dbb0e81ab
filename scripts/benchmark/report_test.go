package main

import (
	"encoding/json"
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
