package suites

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Each clause of a page has a check, or a reason why it cannot have one; each
// check has a clause.
func TestEveryClauseHasACheck(t *testing.T) {
	clauses := make(map[string]map[string]bool) // page, clause: it has a check or a reason
	for _, suite := range All() {
		page := suite.Page
		if clauses[page] == nil {
			clauses[page] = onPage(t, page)
		}
		for _, clause := range suite.Clauses() {
			if _, is := clauses[page][clause]; !is {
				t.Errorf("suite %s: a check is about %s, which is not on the page", suite.Name, clause)
			}
			clauses[page][clause] = true
		}
		for clause, reason := range suite.Unchecked {
			if _, is := clauses[page][clause]; !is || reason == "" {
				t.Errorf("suite %s: %s is not on the page, or there is no reason why it is not checked", suite.Name, clause)
			}
			if suite.Covers(clause) {
				t.Errorf("suite %s: %s has both a check and a reason why it has none", suite.Name, clause)
			}
			clauses[page][clause] = true
		}
	}
	for page, all := range clauses {
		for clause, checked := range all {
			if !checked {
				t.Errorf("%s: no check is about %s", page, clause)
			}
		}
	}
}

// onPage is all clauses of a page, none of them checked yet.
func onPage(t *testing.T, page string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../../lab-guide/protocols", page))
	if err != nil {
		t.Fatal(err)
	}
	clauses := make(map[string]bool)
	for _, found := range regexp.MustCompile(`\*\*([A-Z]+-\d+)\*\*`).FindAllSubmatch(text, -1) {
		clauses[string(found[1])] = false
	}
	if len(clauses) == 0 {
		t.Fatalf("%s: no clauses", page)
	}
	return clauses
}

// What a learner reads when a check fails is all there.
func TestEveryRowIsComplete(t *testing.T) {
	for _, suite := range All() {
		titles := make(map[string]bool)
		for _, c := range suite.Checks {
			if titles[c.Title] {
				t.Errorf("%s: two checks are called %q", suite.Name, c.Title)
			}
			titles[c.Title] = true
			if c.Clause == "" || c.Title == "" || c.Do == nil || c.Cause == "" || c.ReadOn == "" {
				t.Errorf("%s: %q lacks something", suite.Name, c.Title)
			}
			for i, hint := range c.Hints {
				if hint == "" || i == 0 && !regexp.MustCompile(`\?`).MatchString(hint) {
					t.Errorf("%s: %q: hint %d is missing, or the first one is no question", suite.Name, c.Title, i+1)
				}
			}
		}
	}
}

// mostUnchecked is how many clauses of all pages may have a reason instead of a
// check. A new one needs a better argument than this number.
const mostUnchecked = 10

func TestFewClausesAreUnchecked(t *testing.T) {
	unchecked := make(map[string]bool)
	for _, suite := range All() {
		for clause := range suite.Unchecked {
			unchecked[clause] = true
		}
	}
	if len(unchecked) > mostUnchecked {
		t.Errorf("%d clauses have no check, more than %d: %v", len(unchecked), mostUnchecked, slices.Sorted(maps.Keys(unchecked)))
	}
}

// Where a learner is sent to read on there is something to read.
func TestReadingsExist(t *testing.T) {
	step := regexp.MustCompile(`^lesson (\d+), step (\d+)$`)
	part := regexp.MustCompile(`^lesson (\d+), "(.+)"$`)
	for _, suite := range All() {
		for _, c := range suite.Checks {
			lesson, heading := "", ""
			if found := step.FindStringSubmatch(c.ReadOn); found != nil {
				lesson, heading = found[1], "\n## Step "+found[2]+": "
			} else if found := part.FindStringSubmatch(c.ReadOn); found != nil {
				lesson, heading = found[1], "\n### "+found[2]+"\n"
			}
			files, err := filepath.Glob(filepath.Join("../../../lab-guide", fmt.Sprintf("%02s-*.md", lesson)))
			if err != nil || len(files) != 1 {
				t.Errorf("%s: %q: there is no such lesson as %q", suite.Name, c.Title, c.ReadOn)
				continue
			}
			text, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(text), heading) {
				t.Errorf("%s: %q: %s has no part %q", suite.Name, c.Title, files[0], heading)
			}
		}
	}
}
