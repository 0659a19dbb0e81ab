package store

import (
	"fmt"
	"testing"
)

func TestFilter(t *testing.T) {
	f := newFilter(leastKeys / 2)
	for i := range leastKeys {
		f.add(fmt.Sprint("here", i))
	}
	unsure := 0
	for i := range leastKeys {
		if !f.mayHave(fmt.Sprint("here", i)) {
			t.Fatalf("it has forgotten %q", fmt.Sprint("here", i))
		}
		if f.mayHave(fmt.Sprint("not here", i)) {
			unsure++
		}
	}
	// Which keys these are depends on the seed, how many hardly does.
	if share := float64(unsure) / leastKeys; share > 0.02 {
		t.Errorf("full, it is unsure of %.2f of the keys that it does not have", share)
	}
}

func TestFilterIsBounded(t *testing.T) {
	for keys, want := range map[uint64]int{0: leastKeys, leastKeys: 2 * leastKeys, 1 << 62: mostKeys, 1<<64 - 1: mostKeys} {
		if got := keysPerWord * len(newFilter(keys).words); got != want {
			t.Errorf("for %d keys it has room for %d, not for %d", keys, got, want)
		}
	}
}
