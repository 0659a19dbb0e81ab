package nettest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// EveryClause tests that each clause of a protocol, `**NAME-7**` on the page at
// path, stands in one of the tests of the current package, which says by it
// what it is about; and that no test is about a clause that is not there.
func EveryClause(t *testing.T, path, name string) {
	t.Helper()
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	clauses := make(map[string]bool) // whether it is tested
	for _, found := range regexp.MustCompile(`\*\*(`+name+`-\d+)\*\*`).FindAllSubmatch(page, -1) {
		clauses[string(found[1])] = false
	}
	if len(clauses) == 0 {
		t.Fatalf("no clause on the page %s", path)
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tests.Write(text)
	}
	for _, clause := range regexp.MustCompile(`\b`+name+`-\d+\b`).FindAllString(tests.String(), -1) {
		if _, is := clauses[clause]; !is {
			t.Errorf("a test is about %s, which is not on the page", clause)
		}
		clauses[clause] = true
	}
	for clause, tested := range clauses {
		if !tested {
			t.Errorf("no test is about %s", clause)
		}
	}
}
