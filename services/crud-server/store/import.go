package store

import (
	"errors"
	"fmt"
	"iter"
	"os"

	bolt "go.etcd.io/bbolt"

	"socketlab/kit/boltfile"
)

// ErrTwice: of two records to import, both have the same key.
var ErrTwice = errors.New("the key is there twice")

// Import adds records, with their versions, to the store at path, which no
// process may have open; where there is none, one is made. It adds all of them
// and returns how many they are, or none: where a record comes with an error,
// that is returned; ErrExists where the store has its key, ErrTwice where an
// earlier one does.
//
// It writes a new main file beside the old one, in portions, and in the end puts
// it in its place: one rename is the whole transaction.
func Import(path string, records iter.Seq2[Record, error]) (count int, err error) {
	if err := create(path); err != nil {
		return 0, err
	}
	old, err := open(path, false)
	if err != nil {
		return 0, err
	}
	// The journal is the last to be closed: as long as it is locked, no
	// server starts.
	defer func() { err = errors.Join(err, old.journal.close()) }()
	draft := path + ".new"
	count, err = old.importInto(draft, records)
	err = errors.Join(err, old.home.Close())
	if err == nil {
		err = boltfile.Replace(draft, path)
	}
	if err != nil {
		os.Remove(draft)
		return 0, err
	}
	return count, nil
}

// importInto writes all that is in s, and records, to a new main file.
func (s *Store) importInto(draft string, records iter.Seq2[Record, error]) (count int, err error) {
	file, err := boltfile.NewDraft(draft) // over one that a crash has left
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	made := &home{file, draft, about{id: s.home.about.id}}
	if err := made.Update(func(tx *bolt.Tx) error { return fillHome(tx, made.about) }); err != nil {
		return 0, err
	}
	if err := s.copyTo(made); err != nil {
		return 0, err
	}
	w := importer{home: made, here: make(map[string]bool)}
	for r, err := range records {
		if err == nil {
			err = s.mayImport(&w, r.Key)
		}
		if err == nil {
			err = w.add(r)
		}
		if err != nil {
			return 0, err
		}
		count++
	}
	// The changes in the journal have been copied: they are in home now.
	if err := made.apply(w.part, s.journal.last); err != nil {
		return 0, err
	}
	return count, nil
}

func (s *Store) copyTo(made *home) error {
	w := importer{home: made, here: make(map[string]bool)}
	if err := s.Each("", w.add); err != nil {
		return err
	}
	return made.apply(w.part, 0)
}

func (s *Store) mayImport(w *importer, key string) error {
	made, err := w.home.get(key)
	if err != nil || made.version == 0 && !w.here[key] {
		return err
	}
	if _, err := s.Read(key); err == nil {
		return fmt.Errorf("%w: %s", ErrExists, key)
	}
	return fmt.Errorf("%w: %s", ErrTwice, key)
}

// An importer writes records to a home in portions.
type importer struct {
	home  *home
	part  []keyed
	here  map[string]bool // the keys of part
	bytes int
}

func (w *importer) add(r Record) error {
	w.part = append(w.part, keyed{r.Key, change{r.Version, r.Value}})
	w.here[r.Key] = true
	w.bytes += len(r.Key) + len(r.Value)
	if len(w.part) < settleChanges && w.bytes < settleBytes {
		return nil
	}
	err := w.home.apply(w.part, 0)
	w.part, w.bytes = w.part[:0], 0
	clear(w.here)
	return err
}
