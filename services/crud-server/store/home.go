package store

import (
	"errors"
	"fmt"
	"io/fs"

	bolt "go.etcd.io/bbolt"

	"socketlab/kit/boltfile"
)

var recordsBucket = []byte("records")

// home is the main file: records, sorted by key.
type home struct {
	*boltfile.File
	path  string
	about about // as it is in the file
}

// createHome leaves a file as it is that another process has made meanwhile: it
// has the same id (see create).
func createHome(path string, a about) error {
	err := boltfile.Create(path, func(tx *bolt.Tx) error { return fillHome(tx, a) })
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// fillHome makes the buckets of an empty home.
func fillHome(tx *bolt.Tx, a about) error {
	if _, err := tx.CreateBucket(aboutBucket); err != nil {
		return err
	}
	if _, err := tx.CreateBucket(recordsBucket); err != nil {
		return err
	}
	return a.store(tx)
}

// openHome reads every record once: each is as it was written, and together
// they are all that were written. It also returns their keys.
func openHome(path string, forReading bool) (*home, *filter, error) {
	var found contents
	file, err := boltfile.Open(path, forReading, &found)
	if damage := (*boltfile.DamageError)(nil); errors.As(err, &damage) {
		return nil, nil, &DamageError{path, damage.Err.Error()}
	}
	if err != nil {
		return nil, nil, err
	}
	return &home{file, path, found.about}, found.keys, nil
}

// get returns the record of key, at version 0 if there is none.
func (h *home) get(key string) (c change, err error) {
	err = h.View(func(tx *bolt.Tx) error {
		version, value, err := h.find(tx.Bucket(recordsBucket), key)
		c = change{version, string(value)}
		return err
	})
	return c, err
}

// find is get in a transaction. value is valid until its end.
func (h *home) find(records *bolt.Bucket, key string) (version uint64, value []byte, err error) {
	stored := records.Get([]byte(key))
	if stored == nil {
		return 0, nil, nil
	}
	version, value, ok := readRecord([]byte(key), stored)
	if !ok {
		return 0, nil, damagedRecord(h.path, []byte(key))
	}
	return version, value, nil
}

func damagedRecord(path string, key []byte) *DamageError {
	return &DamageError{path, brokenRecord(key)}
}

func brokenRecord(key []byte) string {
	return fmt.Sprintf("the record of the key %q is not as it was written", key)
}

// A keyed change, for home.apply.
type keyed struct {
	key string
	change
}

// apply puts changes into their places, and notes the last group that is there
// as a whole, in one transaction. It costs least where they are sorted by key.
func (h *home) apply(changes []keyed, last uint64) error {
	var next about
	err := h.Update(func(tx *bolt.Tx) error {
		// Not from h.about: the last transaction may have failed, and be in
		// the file all the same.
		var ok bool
		if next, ok = readAbout(tx.Bucket(aboutBucket).Get(aboutKey)); !ok {
			return &DamageError{h.path, "it does not say what it is"}
		}
		next.last = last
		records := tx.Bucket(recordsBucket)
		var stored []byte
		for _, c := range changes {
			if old := records.Get([]byte(c.key)); old != nil {
				next.count--
				next.sum -= uint64(sumOf(old))
			}
			if c.version == 0 {
				if err := records.Delete([]byte(c.key)); err != nil {
					return err
				}
				continue
			}
			// bbolt keeps the slice until the end of the transaction.
			stored = appendRecord(nil, c.key, c.change)
			if err := records.Put([]byte(c.key), stored); err != nil {
				return err
			}
			next.count++
			next.sum += uint64(sumOf(stored))
		}
		return next.store(tx)
	})
	if err == nil {
		h.about = next
	}
	return err
}
