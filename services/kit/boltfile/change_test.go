package boltfile

import (
	"errors"
	"os"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

// bbolt panics while it ends a transaction, and holds its locks: nobody waits for
// them, and who opens the file next has what is in it.
func TestAChangeThatCannotEnd(t *testing.T) {
	path, f := created(t)
	panics := func(tx *bolt.Tx) error {
		tx.OnCommit(func() { panic("too late") }) // by now it is there
		return put("b", "2")(tx)
	}
	expectDamage(t, f.Update(panics))
	expectDamage(t, f.Update(put("c", "3")))
	must(t, f.View(func(*bolt.Tx) error { return nil }))
	expectDamage(t, f.Close())
	f = opened(t, path)
	must(t, f.Update(put("c", "3")))
	must(t, f.Close())
	expectContents(t, path, contents{"a": "1", "b": "2", "c": "3"})
}

func TestAnUpdateThatFailsChangesNothing(t *testing.T) {
	path, f := created(t)
	no := errors.New("no")
	expectError(t, no, f.Update(func(tx *bolt.Tx) error { return errors.Join(put("b", "2")(tx), no) }))
	expectDamage(t, f.Update(func(tx *bolt.Tx) error {
		if err := put("b", "2")(tx); err != nil {
			return err
		}
		panic("oh")
	}))
	must(t, f.Update(put("c", "3")))
	must(t, f.Close())
	expectContents(t, path, contents{"a": "1", "c": "3"})
}

// The metas are written once more before the change that follows a failure, and
// only then. These changes themselves write nothing.
func TestAfterAFailureTheMetasAreWritten(t *testing.T) {
	path, f := created(t)
	no := errors.New("no")
	fails := func(*bolt.Tx) error { return no }
	long := time.Unix(1e9, 0)
	writes := func() bool {
		must(t, os.Chtimes(path, long, long))
		expectError(t, no, f.Update(fails))
		info, err := os.Stat(path)
		must(t, err)
		return !info.ModTime().Equal(long)
	}
	if writes() {
		t.Error("written, although nothing had failed")
	}
	if !writes() {
		t.Error("not written after a failure")
	}
	must(t, f.Update(put("b", "2")))
	if writes() {
		t.Error("written, although the last change did not fail")
	}
	must(t, f.Close())
	expectContents(t, path, contents{"a": "1", "b": "2"})
}
