package store

import (
	"fmt"
	"os"
	"sync"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// stuck makes the settler wait, as for a slow disk, until release is called. It
// is also called at the end of the test.
func stuck(t *testing.T, s *Store) (release func()) {
	t.Helper()
	waiting, released, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- s.home.Update(func(*bolt.Tx) error {
			close(waiting)
			<-released
			return nil
		})
	}()
	<-waiting
	release = sync.OnceFunc(func() {
		close(released)
		must(t, <-ended)
	})
	t.Cleanup(release)
	return release
}

// fillLayer makes so many changes that a layer is full, and one more.
func fillLayer(t *testing.T, s *Store, prefix string) {
	t.Helper()
	for i := range s.limit.changes + 1 {
		must(t, s.Create(fmt.Sprintf("%s%02d", prefix, i), "v"))
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.settling == nil {
		t.Fatal("no layer settles: that is no test")
	}
}

// While a layer is on its way into home, and cannot get there, everything in it
// is seen and can be changed.
func TestWhileALayerSettles(t *testing.T) {
	path := newPath(t)
	s := openStore(t, path, small)
	must(t, s.Create("old", "v"))
	must(t, s.Create("updated", "v"))
	must(t, s.Create("deleted", "v"))
	release := stuck(t, s)
	fillLayer(t, s, "k")
	expectError(t, ErrExists, s.Create("old", "other"))
	update(t, s, "updated", "new", 1, 2)
	must(t, s.Delete("deleted", 1))
	check := func() {
		t.Helper()
		expectRecord(t, s, Record{"old", 1, "v"})
		expectRecord(t, s, Record{"updated", 2, "new"})
		_, err := s.Read("deleted")
		expectError(t, ErrMissing, err)
		expectRecord(t, s, Record{"k00", 1, "v"})
		if got := len(everything(t, s)); got != small.changes+3 {
			t.Errorf("%d records", got)
		}
	}
	check()
	release()
	waitSettled(s)
	check()
	closeStore(t, s)
	s = openStore(t, path, small)
	check()
}

// crashed returns the path of a copy of a store's files, as they are now: what a
// process would leave if it were killed now.
func crashed(t *testing.T, path string) string {
	t.Helper()
	to := newPath(t)
	for i, from := range paths(path) {
		content, err := os.ReadFile(from)
		must(t, err)
		must(t, os.WriteFile(paths(to)[i], content, 0o600))
	}
	return to
}

// A process dies while one layer settles and the next one has begun. The next
// process dies in the same way, before anything has settled: neither file of the
// journal may have been written over.
func TestTwoCrashesBeforeALayerSettles(t *testing.T) {
	path := newPath(t)
	first := openStore(t, path, small)
	stuck(t, first)
	fillLayer(t, first, "a")
	path = crashed(t, path)

	second, err := open(path, false)
	must(t, err)
	release := stuck(t, second)
	second.start(quiet(), small)
	t.Cleanup(func() { closeStore(t, second) })
	for i := range small.changes - 5 { // recent may grow up to twice that
		must(t, second.Create(fmt.Sprintf("b%02d", i), "v"))
	}
	for i := range small.changes { // more than a layer: the journal would turn
		must(t, second.Create(fmt.Sprintf("c%02d", i), "v"))
	}
	third := openStore(t, crashed(t, path), small)
	const total = 3*20 - 4
	if got := len(everything(t, third)); got != total {
		t.Errorf("%d records", got)
	}
	release()
	waitSettled(second)
	if got := len(everything(t, second)); got != total {
		t.Errorf("%d records", got)
	}
}

// A change of home that fails at the last fsync is there all the same, and home
// does not know. It is made once more.
func TestAChangeThatFailedButIsThere(t *testing.T) {
	path := newPath(t)
	s := openStore(t, path, usual)
	unknown := s.home.about
	for range 3 {
		s.home.about = unknown
		must(t, s.home.apply([]keyed{{"k", change{1, "v"}}, {"l", change{}}}, 0))
	}
	closeStore(t, s)
	s = openStore(t, path, usual)
	if got := fmt.Sprint(everything(t, s)); got != "[{k 1 v}]" {
		t.Errorf("the store has %s", got)
	}
}
