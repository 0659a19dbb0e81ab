package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func littleRun(cpu ...float64) reports {
	return reports{{
		Suite: "echo", Rounds: len(cpu), Machine: machine{CPU: "Z80", Cores: 1},
		Rows: []row{{Load: "l", Server: "ours", Samples: testSamples(cpu...)}},
	}}
}

func TestCompareSideBySide(t *testing.T) {
	older, newer := littleRun(10, 12, 11), littleRun(20, 24, 22)
	older[0].Rows = append(older[0].Rows, row{Load: "gone", Server: "ours", Samples: testSamples(1)})
	older[0].Lab, newer[0].Lab = []measured{{What: "up, s", Rounds: []float64{6, 8}}}, []measured{{What: "up, s", Rounds: []float64{7, 9}}}
	var text strings.Builder
	if err := compare(&text, older, newer); err != nil {
		t.Fatal(err)
	}
	var got []string
	for line := range strings.Lines(text.String()) {
		got = append(got, strings.Join(strings.Fields(line), " "))
	}
	all := strings.Join(got, "\n")
	for _, want := range []string{
		"echo: l: ours CPU s/million messages 11.0 22.0 2.00 apart",
		"echo: l: ours messages/s 500,000 500,000 1.00 overlap",
		"echo: the whole lab up, s 7.00 8.00 1.14 overlap",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("no line %q in\n%s", want, all)
		}
	}
	if strings.Contains(all, "gone") || strings.Contains(all, "two machines") {
		t.Errorf("a row that only one has, or another machine:\n%s", all)
	}
}

func TestCompareSaysThatMachinesDiffer(t *testing.T) {
	older, newer := littleRun(1, 2), littleRun(1, 2)
	newer[0].Machine.CPU = "6502"
	var text strings.Builder
	if err := compare(&text, older, newer); err != nil || !strings.Contains(text.String(), "These are two machines") {
		t.Errorf("%v\n%s", err, &text)
	}
}

func TestCompareNothingInCommon(t *testing.T) {
	newer := littleRun(1)
	newer[0].Suite = "chat"
	err := compare(&strings.Builder{}, littleRun(1), newer)
	if err == nil || !strings.Contains(err.Error(), "echo") || !strings.Contains(err.Error(), "chat") {
		t.Errorf("got %v", err)
	}
}

func TestRanges(t *testing.T) {
	for _, test := range []struct {
		a, b series
		want string
	}{
		{series{1, 2}, series{3, 4}, "apart"},
		{series{3, 4}, series{1, 2}, "apart"},
		{series{1, 3}, series{2, 4}, "overlap"},
		{series{1, 4}, series{2, 3}, "overlap"},
		{series{1, 2}, series{2, 3}, "overlap"},
		{series{1}, series{2, 3}, "one round"},
		{series{1, 2}, series{3}, "one round"},
	} {
		if got := ranges(test.a, test.b); got != test.want {
			t.Errorf("%v and %v: %s, want %s", test.a, test.b, got, test.want)
		}
	}
}

// What is saved can be compared: with itself nothing has changed.
func TestCompareFiles(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "figures.json")
	if err := littleRun(10, 12).save(file); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := compareFiles(&text, file, file); err != nil || !strings.Contains(text.String(), "1.00  overlap") {
		t.Errorf("%v\n%s", err, &text)
	}
	for content, want := range map[string]string{
		"":                         "not figures",
		"{}":                       "not figures",
		"[]":                       "no suite",
		`[{"suite": "echo"}]`:      "without rounds",
		`[null]`:                   "without rounds",
		`[{"rounds": 5}]`:          "without a name",
		`[{"suite": 7}]`:           "not figures",
		`[{"suite":"a","rows":1}]`: "not figures",
	} {
		wrong := filepath.Join(dir, "wrong.json")
		if err := os.WriteFile(wrong, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := compareFiles(&text, wrong, file); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%q: got %v, want the file's name and %q", content, err, want)
		}
	}
	if err := compareFiles(&text, file, filepath.Join(dir, "absent.json")); err == nil || !strings.Contains(err.Error(), "absent.json") {
		t.Errorf("got %v", err)
	}
}
