package store

import (
	"strings"

	"github.com/tidwall/btree"
	bolt "go.etcd.io/bbolt"

	"socketlab/kit/boltfile"
)

// A Snapshot is the store at one moment. It does not change, holds nobody up,
// and takes next to no memory; but the space of what is changed meanwhile is
// used again only after Close. One goroutine at a time may use it.
type Snapshot struct {
	path string
	// layers are the changes not in home, newest first.
	layers []*layer
	tx     *bolt.Tx // home
	count  uint64
}

// Snapshot takes one. The caller closes it.
func (s *Store) Snapshot() (*Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	snap := &Snapshot{path: s.home.path, layers: []*layer{s.recent.copy()}, count: s.count}
	if s.settling != nil {
		snap.layers = append(snap.layers, s.settling)
	}
	tx, err := s.home.Begin()
	if err != nil {
		return nil, &StorageError{err}
	}
	snap.tx = tx
	return snap, nil
}

// Each is that of a snapshot that is taken for it.
func (s *Store) Each(prefix string, each func(Record) error) error {
	snap, err := s.Snapshot()
	if err != nil {
		return err
	}
	defer snap.Close()
	return snap.Each(prefix, each)
}

// Close ends the snapshot.
func (s *Snapshot) Close() error { return s.tx.Rollback() }

// Len returns how many records there are.
func (s *Snapshot) Len() uint64 { return s.count }

// Each calls each with every record whose key begins with prefix, sorted by key,
// byte by byte. It stops at the first error and returns it; one of the disk is a
// StorageError.
func (s *Snapshot) Each(prefix string, each func(Record) error) error {
	sources := make([]source, 0, 3)
	for _, l := range s.layers {
		sources = append(sources, newLayerSource(l, prefix))
	}
	inHome := &homeSource{snap: s, cursor: s.tx.Bucket(recordsBucket).Cursor()}
	inHome.start(prefix)
	sources = append(sources, inHome)
	for {
		key, made, ok := next(sources)
		if inHome.err != nil {
			return &StorageError{inHome.err}
		}
		if !ok || !strings.HasPrefix(key, prefix) {
			return nil
		}
		if made.version == 0 {
			continue
		}
		if err := each(Record{Key: key, Version: made.version, Value: made.value}); err != nil {
			return err
		}
	}
}

// A source has changes, sorted by key, and stands at one of them.
type source interface {
	key() (key string, ok bool)
	change() change
	advance()
}

// next takes the lowest key of all sources. Where several have it the first one
// is right, and the others are older.
func next(sources []source) (lowest string, made change, found bool) {
	for _, from := range sources {
		if key, ok := from.key(); ok && (!found || key < lowest) {
			lowest, made, found = key, from.change(), true
		}
	}
	for _, from := range sources {
		if key, ok := from.key(); ok && key == lowest {
			from.advance()
		}
	}
	return lowest, made, found
}

type layerSource struct {
	at btree.MapIter[string, change]
	ok bool
}

func newLayerSource(l *layer, prefix string) *layerSource {
	s := &layerSource{at: l.changes.Iter()}
	s.ok = s.at.Seek(prefix)
	return s
}

func (s *layerSource) key() (string, bool) {
	if !s.ok {
		return "", false
	}
	return s.at.Key(), true
}

func (s *layerSource) change() change { return s.at.Value() }
func (s *layerSource) advance()       { s.ok = s.at.Next() }

// homeSource ends at an error.
type homeSource struct {
	snap   *Snapshot
	cursor *bolt.Cursor
	at     Record
	ok     bool
	err    error
}

func (s *homeSource) start(prefix string) {
	s.move(func() ([]byte, []byte) { return s.cursor.Seek([]byte(prefix)) })
}

func (s *homeSource) advance() { s.move(s.cursor.Next) }

func (s *homeSource) move(step func() (key, stored []byte)) {
	defer boltfile.Guard(s.snap.path, &s.err)()
	s.ok = false
	key, stored := step()
	if key == nil {
		return
	}
	version, value, ok := readRecord(key, stored)
	if !ok {
		s.err = damagedRecord(s.snap.path, key)
		return
	}
	s.at, s.ok = Record{string(key), version, string(value)}, true
}

func (s *homeSource) key() (string, bool) { return s.at.Key, s.ok }
func (s *homeSource) change() change      { return change{s.at.Version, s.at.Value} }
