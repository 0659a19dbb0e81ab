package main

import (
	"bytes"
	"slices"
	"testing"
)

// A stock has every record once, and comes neither sorted nor in runs of one
// prefix.
func TestStock(t *testing.T) {
	const records = 10_000
	var keys []string
	values := make(map[string]bool)
	byPrefix := make(map[string]int)
	rising, sameAsBefore, previous := 0, 0, ""
	for r := range stock(records) {
		prefix, place, found := bytes.Cut(r.key, []byte(":"))
		if !found || len(place) != 2 || len(r.value) != valueSize || bytes.ContainsAny(r.value, " \r\n") {
			t.Fatalf("record %q %q", r.key, r.value)
		}
		keys = append(keys, string(r.key))
		values[string(r.value)] = true
		byPrefix[string(prefix)]++
		if n := len(keys); n > 1 && keys[n-2] < keys[n-1] {
			rising++
		}
		if string(prefix) == previous {
			sameAsBefore++
		}
		previous = string(prefix)
	}
	if rising < records/3 || rising > records*2/3 {
		t.Errorf("%d of %d keys are after the one before: sorted?", rising, records)
	}
	if sameAsBefore > 0 {
		t.Errorf("%d times the same prefix twice in a row", sameAsBefore)
	}
	slices.Sort(keys)
	if got := len(slices.Compact(keys)); got != records || len(values) != records {
		t.Errorf("%d keys and %d values, want %d of each", got, len(values), records)
	}
	if len(byPrefix) != records/perPrefix {
		t.Errorf("%d prefixes, want %d", len(byPrefix), records/perPrefix)
	}
	for prefix, n := range byPrefix {
		if n != perPrefix {
			t.Errorf("%d records begin with %s, want %d", n, prefix, perPrefix)
		}
	}
}
