package boltfile

import (
	"os"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// The file is cut short while it is open. What is mapped there is a fault now, as
// it is when a disk does not give a page; the program must outlive it.
func TestAPageThatIsGone(t *testing.T) {
	path, f := created(t)
	for _, key := range strings.Split("bcdefghij", "") {
		must(t, f.Update(put(key, strings.Repeat("v", 1000))))
	}
	must(t, os.Truncate(path, int64(2*os.Getpagesize())))
	read := func(tx *bolt.Tx) error {
		return tx.Bucket(entries).ForEach(func(_, _ []byte) error { return nil })
	}
	expectDamage(t, f.View(read))
	for range 2 {
		expectDamage(t, f.Update(put("a", "2")))
	}
	tx, err := f.Begin()
	must(t, err)
	expectDamage(t, func() (err error) {
		defer Guard(path, &err)()
		return read(tx)
	}())
	must(t, tx.Rollback())
	must(t, f.Close())
	expectDamage(t, expectRefused(t, path, contents{}))
}
