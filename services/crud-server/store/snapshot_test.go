package store

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
)

// list returns the records of snap below prefix as `key vN value`, in order.
func list(t testing.TB, snap *Snapshot, prefix string) []string {
	t.Helper()
	var lines []string
	err := snap.Each(prefix, func(r Record) error {
		lines = append(lines, fmt.Sprintf("%s v%d %s", r.Key, r.Version, r.Value))
		return nil
	})
	must(t, err)
	return lines
}

// snapshot takes one, which the test may close: else the end of the test does.
func snapshot(t testing.TB, s *Store) *Snapshot {
	t.Helper()
	snap, err := s.Snapshot()
	must(t, err)
	t.Cleanup(func() { snap.Close() })
	return snap
}

// The store against a map, through layers that settle all the time, and through
// being closed and opened.
func TestRandomChangesAgainstAMap(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	path := newPath(t)
	s := openStore(t, path, small)
	want := map[string]Record{}
	for i := range 3000 {
		key, value := fmt.Sprint("key", random.IntN(300)), fmt.Sprint("value", i)
		now, there := want[key]
		switch random.IntN(4) {
		case 0:
			if err := s.Create(key, value); there {
				expectError(t, ErrExists, err)
			} else {
				must(t, err)
				want[key] = Record{key, 1, value}
			}
		case 1, 2:
			if _, err := s.Update(key, value, 0); !there {
				expectError(t, ErrMissing, err)
			} else {
				must(t, err)
				want[key] = Record{key, now.Version + 1, value}
			}
		case 3:
			if err := s.Delete(key, 0); !there {
				expectError(t, ErrMissing, err)
			} else {
				must(t, err)
				delete(want, key)
			}
		}
		if random.IntN(200) == 0 {
			closeStore(t, s)
			s = openStore(t, path, small)
		}
		if random.IntN(50) > 0 {
			continue
		}
		prefix := "key" + []string{"", "1", "29", "x"}[random.IntN(4)]
		var lines []string
		for _, key := range slices.Sorted(maps.Keys(want)) {
			if strings.HasPrefix(key, prefix) {
				lines = append(lines, fmt.Sprintf("%s v%d %s", key, want[key].Version, want[key].Value))
			}
		}
		snap := snapshot(t, s)
		if got := list(t, snap, prefix); !slices.Equal(got, lines) || snap.Len() != uint64(len(want)) {
			t.Fatalf("after %d changes, below %q: %d records %q\nwant %d %q", i, prefix, snap.Len(), got, len(want), lines)
		}
		must(t, snap.Close())
	}
}

// A snapshot shows one moment, however much is changed while it is read, and
// however slowly. It does not keep the store from growing.
func TestASnapshotIsOneMoment(t *testing.T) {
	for name, limit := range map[string]limit{"in memory": usual, "in home": small} {
		t.Run(name, func(t *testing.T) { testOneMoment(t, openStore(t, newPath(t), limit)) })
	}
}

func testOneMoment(t *testing.T, s *Store) {
	for i := range 200 {
		must(t, s.Create(fmt.Sprintf("key%03d", i), "before"))
	}
	snap := snapshot(t, s)
	large := strings.Repeat("x", 64<<10)
	seen := 0
	must(t, snap.Each("key", func(r Record) error {
		if r.Version != 1 || r.Value != "before" {
			return fmt.Errorf("it has %s at version %d", r.Key, r.Version)
		}
		// What comes next is deleted, what was is changed, and more
		// comes in between: 13 MB in all.
		if seen > 0 {
			update(t, s, fmt.Sprintf("key%03d", seen-1), large, 1, 2)
		}
		if seen < 199 {
			must(t, s.Delete(fmt.Sprintf("key%03d", seen+1), 0))
			must(t, s.Create(fmt.Sprintf("key%03d", seen+1), "after"))
			must(t, s.Create(fmt.Sprintf("key%03d-b", seen), "after"))
		}
		seen++
		return nil
	}))
	if seen != 200 || snap.Len() != 200 {
		t.Errorf("%d records, it says %d", seen, snap.Len())
	}
}

// A writer changes a, then b, then a again: every snapshot has them so.
func TestSnapshotsWhileOthersWrite(t *testing.T) {
	s := openStore(t, newPath(t), small)
	must(t, s.Create("a", "0"))
	must(t, s.Create("b", "0"))
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := 1; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			// First a, then b: a is never behind b, and one ahead at most.
			for _, key := range []string{"a", "b"} {
				if _, err := s.Update(key, fmt.Sprint(i), 0); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	defer writer.Wait()
	defer close(stop)
	for range 300 {
		snap := snapshot(t, s)
		var a, b int
		for _, line := range list(t, snap, "") {
			fmt.Sscanf(line, "a v%d", &a)
			fmt.Sscanf(line, "b v%d", &b)
		}
		if a < b || a > b+1 {
			t.Fatalf("a is at version %d, b at %d", a, b)
		}
		must(t, snap.Close())
	}
}

func TestEachStopsWhereItIsTold(t *testing.T) {
	s := openStore(t, newPath(t), usual)
	must(t, s.Create("a", "v"))
	must(t, s.Create("b", "v"))
	snap := snapshot(t, s)
	defer snap.Close()
	stop := errors.New("stop")
	seen := 0
	expectError(t, stop, snap.Each("", func(Record) error { seen++; return stop }))
	if seen != 1 {
		t.Errorf("%d records", seen)
	}
}
