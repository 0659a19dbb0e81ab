package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/sirupsen/logrus"
)

// small makes layers that settle all the time.
var small = limit{changes: 20, bytes: 1 << 20}

func quiet() *logrus.Logger {
	log := logrus.New()
	log.SetOutput(io.Discard)
	return log
}

// newPath is where no store is.
func newPath(t testing.TB) string { return filepath.Join(t.TempDir(), "crud.db") }

// openStore opens a store, which is closed at the end of the test.
func openStore(t testing.TB, path string, limit limit) *Store {
	t.Helper()
	s, err := openLimited(path, quiet(), limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

// closeStore may be called twice.
func closeStore(t testing.TB, s *Store) {
	t.Helper()
	if s.isClosing() {
		return
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// everything returns all records, in order.
func everything(t testing.TB, s *Store) []Record {
	t.Helper()
	snap, err := s.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	defer snap.Close()
	var all []Record
	if err := snap.Each("", func(r Record) error { all = append(all, r); return nil }); err != nil {
		t.Fatal(err)
	}
	if s.Len() != uint64(len(all)) {
		t.Fatalf("it says it has %d records, and has %d", s.Len(), len(all))
	}
	return all
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func expectError(t testing.TB, want, got error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("expected the error %q, got %v", want, got)
	}
}

func expectRecord(t testing.TB, s *Store, want Record) {
	t.Helper()
	if got, err := s.Read(want.Key); err != nil || got != want {
		t.Fatalf("expected %v, got %v, %v", want, got, err)
	}
}

func update(t testing.TB, s *Store, key, value string, only, want uint64) {
	t.Helper()
	if got, err := s.Update(key, value, only); err != nil || got != want {
		t.Fatalf("expected version %d, got %d, %v", want, got, err)
	}
}

func expectConflict(t testing.TB, at uint64, err error) {
	t.Helper()
	if conflict := (*ConflictError)(nil); !errors.As(err, &conflict) || conflict.Version != at {
		t.Fatalf("expected a conflict with version %d, got %v", at, err)
	}
}

func TestARecordsLife(t *testing.T) {
	s := openStore(t, newPath(t), usual)
	_, err := s.Read("k")
	expectError(t, ErrMissing, err)
	_, err = s.Update("k", "x", 0)
	expectError(t, ErrMissing, err)
	expectError(t, ErrMissing, s.Delete("k", 0))

	must(t, s.Create("k", "one"))
	expectRecord(t, s, Record{"k", 1, "one"})
	expectError(t, ErrExists, s.Create("k", "other"))
	update(t, s, "k", "two", 0, 2)
	update(t, s, "k", "three", 2, 3)
	_, err = s.Update("k", "late", 2)
	expectConflict(t, 3, err)
	expectConflict(t, 3, s.Delete("k", 1))
	expectRecord(t, s, Record{"k", 3, "three"})

	must(t, s.Delete("k", 3))
	_, err = s.Read("k")
	expectError(t, ErrMissing, err)
	must(t, s.Create("k", "again"))
	expectRecord(t, s, Record{"k", 1, "again"})
}

// With layers this small a record is now in recent, now in settling, now in
// home: nobody can tell.
func TestARecordsLifeWhileLayersSettle(t *testing.T) {
	path := newPath(t)
	s := openStore(t, path, small)
	for i := range 500 {
		must(t, s.Create(fmt.Sprint("key", i), "one"))
	}
	for i := range 500 {
		key := fmt.Sprint("key", i)
		expectError(t, ErrExists, s.Create(key, "other"))
		switch i % 3 {
		case 0:
			update(t, s, key, "two", 1, 2)
		case 1:
			must(t, s.Delete(key, 1))
		}
	}
	check := func(s *Store) {
		t.Helper()
		for i := range 500 {
			key := fmt.Sprint("key", i)
			switch i % 3 {
			case 0:
				expectRecord(t, s, Record{key, 2, "two"})
			case 1:
				_, err := s.Read(key)
				expectError(t, ErrMissing, err)
			case 2:
				expectRecord(t, s, Record{key, 1, "one"})
			}
		}
		if got := len(everything(t, s)); got != 333 {
			t.Fatalf("%d records", got)
		}
	}
	check(s)
	closeStore(t, s)
	if s.home.about.count < 300 {
		t.Errorf("only %d records have settled", s.home.about.count)
	}
	check(openStore(t, path, small))
}

func TestTwoStoresOnOneFile(t *testing.T) {
	path := newPath(t)
	first := openStore(t, path, usual)
	_, err := Open(path, quiet())
	expectError(t, ErrInUse, err)
	_, err = OpenToRead(path)
	expectError(t, ErrInUse, err)
	closeStore(t, first)
	openStore(t, path, usual)
}

// Several servers start for the first time at the same moment: one gets the store,
// and the others have not harmed it.
func TestOfManyThatMakeTheStoreOneGetsIt(t *testing.T) {
	for range 5 {
		path := newPath(t)
		opened := make(chan *Store, 8)
		var all sync.WaitGroup
		for range cap(opened) {
			all.Go(func() {
				s, err := Open(path, quiet())
				if err == nil {
					opened <- s
				} else if !errors.Is(err, ErrInUse) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		close(opened)
		if len(opened) != 1 {
			t.Fatalf("%d have opened it", len(opened))
		}
		s := <-opened
		must(t, s.Create("k", "v"))
		closeStore(t, s)
		s = openStore(t, path, usual)
		expectRecord(t, s, Record{"k", 1, "v"})
		if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 3 {
			t.Errorf("left behind: %v, %v", files, err)
		}
	}
}

// A crash before home was made has left a journal, or a half of it.
func TestAJournalThatNobodyHasUsed(t *testing.T) {
	for _, lost := range []int{1, 2} {
		path := newPath(t)
		closeStore(t, openStore(t, path, usual))
		must(t, os.Remove(path))
		if lost == 2 {
			must(t, os.Remove(journalPaths(path)[1]))
		}
		s := openStore(t, path, usual)
		must(t, s.Create("k", "v"))
	}
}

func TestToRead(t *testing.T) {
	path := newPath(t)
	if s, err := OpenToRead(path); err == nil {
		s.Close()
		t.Fatal("there is nothing to read")
	}
	s := openStore(t, path, usual)
	must(t, s.Create("k", "v"))
	closeStore(t, s)
	for range 2 { // at once
		s, err := OpenToRead(path)
		must(t, err)
		t.Cleanup(func() { closeStore(t, s) })
		expectRecord(t, s, Record{"k", 1, "v"})
		expectError(t, ErrClosed, s.Create("l", "v"))
	}
}

func TestAfterClose(t *testing.T) {
	s := openStore(t, newPath(t), usual)
	closeStore(t, s)
	expectError(t, ErrClosed, s.Create("k", "v"))
}
