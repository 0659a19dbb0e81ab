// Package golden compares what is said to people with files that hold what
// should be said.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

// update writes the files anew: `go test ./services/checker/... -update`. Read
// what has changed before you keep it: it is what learners will read.
var update = flag.Bool("update", false, "write the golden files anew")

// Compare fails the test where got is not what the file at path holds.
func Compare(t testing.TB, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v; make it with: go test -update", err)
		return
	}
	if got != string(want) {
		t.Errorf("%s is not what is said now:\n%s", path, got)
	}
}
