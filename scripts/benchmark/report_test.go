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

func TestWithReplacesSuites(t *testing.T) {
	old := reports{{Suite: "echo", Rounds: 1}, {Suite: "lab", Rounds: 1}}
	got := old.with(reports{{Suite: "lab", Rounds: 2}, {Suite: "chat", Rounds: 2}})
	var rounds []string
	for _, r := range got {
		rounds = append(rounds, fmt.Sprint(r.Suite, r.Rounds))
	}
	if !slices.Equal(rounds, []string{"echo1", "lab2", "chat2"}) || old[1].Rounds != 1 {
		t.Errorf("got %q", rounds)
	}
}

// A suite has tables of what it has measured, and no others.
func TestSectionsOfWhatWasMeasured(t *testing.T) {
	for title, r := range map[string]*report{
		"l":             {Rows: []row{{Load: "l", Server: "ours", Missing: "no such program"}}},
		"t":             {Curves: []curve{{Title: "t", Of: "clients", Server: "ours", Figure: "f", Sizes: []int{1}, Values: []float64{1}}}},
		"Idle clients":  {Idle: []idleStep{{Server: "ours"}}},
		"The whole lab": {Lab: []measured{{What: "up, s", Rounds: []float64{6}}}},
	} {
		sections := r.sections()
		if len(sections) != 1 || sections[0].title != title || len(sections[0].table.rows) != 1 {
			t.Errorf("got %+v, want one table of %q, with one row", sections, title)
		}
	}
}

// A server that could not be measured has a row that says why.
func TestIdleTable(t *testing.T) {
	r := &report{Idle: []idleStep{
		{Server: "ours", Clients: 0, Resident: 4 << 20, Descriptors: 7},
		{Server: "ours", Clients: 1000, Resident: 8 << 20, Descriptors: 1007},
		{Server: "theirs", Clients: 0, Resident: 1 << 20, Descriptors: 4},
		{Server: "theirs", Clients: 1000, Missing: "needs 1100 descriptors, ulimit -n is 20"},
		{Server: "ours", Clients: 0, Resident: 4 << 20, Descriptors: 7},
		{Server: "ours", Clients: 1000, Resident: 10 << 20, Descriptors: 1007},
	}}
	checkRows(t, r.idleTable(), []string{
		"ours 0 4.19 - 7 -",
		"theirs 0 1.05 - 4 -",
		"ours 1,000 9.44 5.12 1,007 1.00",
		"theirs: needs 1100 descriptors, ulimit -n is 20 1,000",
	})
}

func checkRows(t *testing.T, table table, want []string) {
	t.Helper()
	var got []string
	for _, row := range table.rows {
		got = append(got, strings.Join(row, " "))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The last line of a load's table is what the generator could have done at most,
// by the row in which a message took the least of its time.
func TestLoadTableHasTheGeneratorsCeiling(t *testing.T) {
	r := &report{ServerCore: "0", Rows: []row{
		{Load: "l", Server: "fast", Samples: []sample{{Messages: 3000, Seconds: 1, GeneratorCPU: 0.6}}},
		{Load: "l", Server: "slow", Samples: []sample{{Messages: 1000, Seconds: 1, GeneratorCPU: 0.5}}},
		{Load: "other", Server: "fast", Samples: []sample{{Messages: 9000, Seconds: 1, GeneratorCPU: 0.6}}},
		{Load: "l", Server: "absent", Missing: "no such program"},
	}}
	rows := r.loadTable("l").rows
	if got := strings.Join(rows[len(rows)-1], " "); got != "the load generator itself, at most 5,000" {
		t.Errorf("the last row is %q", got)
	}
	r.ServerCore = "" // it has no core of its own, and no limit that could be named
	if rows := r.loadTable("l").rows; len(rows) != 3 {
		t.Errorf("%d rows without a core of its own, want 3", len(rows))
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
		{"0", 0.91, true},
		{"0", 0.9, false},
		{"", 1.4, false}, // it has all cores, and may have had more
	} {
		busy := sample{Messages: 1, Seconds: 1, GeneratorCPU: test.generator}
		r := &report{ServerCore: test.serverCore, Rows: []row{{Load: "l", Server: "s", Samples: []sample{busy}}}}
		var text strings.Builder
		r.print(&text)
		if got := strings.Contains(text.String(), fmt.Sprintf("%.2f†", test.generator)); got != test.want {
			t.Errorf("%+v: marked: %v; the table:\n%s", test, got, &text)
		}
	}
}
