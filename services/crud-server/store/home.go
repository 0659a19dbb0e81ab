package store

import (
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

var recordsBucket = []byte("records")

// home is the main file: records, sorted by key.
type home struct {
	*file
	about about // as it is in the file
}

func createHome(path string, a about) error {
	return createFile(path, func(tx *bolt.Tx) error { return fillHome(tx, a) })
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
// they are all that were written.
func openHome(path string, forReading bool) (*home, error) {
	var h home
	var found about
	described := false
	file, err := openFile(path, forReading, func(bucket string, key, value []byte) error {
		switch {
		case bucket == string(recordsBucket):
			if _, _, ok := readRecord(key, value); !ok {
				return errors.New(damagedRecord(path, key).What)
			}
			found.count++
			found.sum += uint64(sumOf(value))
		case bucket == string(aboutBucket) && string(key) == string(aboutKey):
			h.about, described = readAbout(value)
		default:
			return fmt.Errorf("it has an entry %q in the bucket %q", key, bucket)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	h.file = file
	found.id, found.last = h.about.id, h.about.last
	switch {
	case !described:
		err = &DamageError{path, "it does not say what it is"}
	case found != h.about:
		err = &DamageError{path, fmt.Sprintf("it should hold %d records, and holds %d or others", h.about.count, found.count)}
	}
	if err != nil {
		return nil, errors.Join(err, file.close())
	}
	return &h, nil
}

// get returns the record of key, at version 0 if there is none.
func (h *home) get(key string) (c change, err error) {
	err = h.view(func(tx *bolt.Tx) error {
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
	return &DamageError{path, fmt.Sprintf("the record of the key %q is not as it was written", key)}
}

// A keyed change, for home.apply.
type keyed struct {
	key string
	change
}

// apply puts changes into their places, and notes the last group that is there
// as a whole, in one transaction. It costs least where they are sorted by key.
func (h *home) apply(changes []keyed, last uint64) error {
	next := h.about
	next.last = last
	err := h.update(func(tx *bolt.Tx) error {
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
