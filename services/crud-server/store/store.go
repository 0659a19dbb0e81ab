package store

import (
	"errors"
	"os"
	"sync"

	"github.com/sirupsen/logrus"
)

// Store is open from Open to Close. Any number of goroutines may use it.
type Store struct {
	log     *logrus.Logger
	limit   limit
	home    *home
	journal *journal
	queue   queue
	// keys are those of all records, and of others that are gone. Once the
	// store is open, it is the committer's.
	keys *filter
	// full gets layers to settle, one at a time; settleNow asks for another
	// try; closing ends both; stopped is when both goroutines have ended.
	full      chan *layer
	settleNow chan struct{}
	closing   chan struct{}
	stopped   sync.WaitGroup

	// mu guards all below.
	mu sync.RWMutex
	// recent are the latest changes. settling, if there is one, is the
	// layer before it, which is on its way into home and does not change.
	recent, settling *layer
	// settleErr is why settling is not in home yet, if it was tried.
	settleErr error
	// settlerEnded: there will be no more tries.
	settlerEnded bool
	settled      sync.Cond // one of the last three has changed
	// count is how many records there are.
	count uint64
}

// Open opens the store at path, or makes an empty one there. The files are
// locked: ErrInUse, if another process has them. A store that is not as it was
// left is a DamageError. log gets what goes wrong later, and when it is right
// again.
func Open(path string, log *logrus.Logger) (*Store, error) {
	return openLimited(path, log, usual)
}

func openLimited(path string, log *logrus.Logger, limit limit) (*Store, error) {
	if err := create(path); err != nil {
		return nil, err
	}
	s, err := open(path, false)
	if err != nil {
		return nil, err
	}
	s.start(log, limit)
	return s, nil
}

func (s *Store) start(log *logrus.Logger, limit limit) {
	s.log, s.limit = log, limit
	if s.settling != nil {
		s.full <- s.settling
	}
	s.stopped.Go(s.commitAll)
	s.stopped.Go(s.settleAll)
}

// OpenToRead opens a store that must exist, and which no process changes
// meanwhile. Its changes return ErrClosed.
func OpenToRead(path string) (*Store, error) {
	s, err := open(path, true)
	if err != nil {
		return nil, err
	}
	s.queue.close()
	return s, nil
}

// create makes the files of an empty store, the journal first, if home is not
// there. So a crash between the two leaves an empty journal alone, and that is
// no store yet.
//
// Several processes may do this at once. Each file gets its name once and for
// all, the first of the journal before the others, and all get the id that is
// found in that: so whoever makes which, they are the files of one store.
func create(path string) error {
	if there, err := exists(path); there || err != nil {
		return err
	}
	id, err := createJournal(path)
	if err != nil {
		return err
	}
	return createHome(path, about{id: id})
}

func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// open opens the files and puts the changes of the journal back into layers.
func open(path string, forReading bool) (*Store, error) {
	home, keys, err := openHome(path, forReading)
	if err != nil {
		return nil, err
	}
	s := &Store{
		home:      home,
		keys:      keys,
		full:      make(chan *layer, 1),
		settleNow: make(chan struct{}, 1),
		closing:   make(chan struct{}),
		recent:    &layer{},
		count:     home.about.count,
	}
	s.settled.L = &s.mu
	s.queue.wake = make(chan struct{}, 1)
	if err := s.openJournal(path, forReading); err != nil {
		return nil, errors.Join(err, home.Close())
	}
	return s, nil
}

func (s *Store) openJournal(path string, forReading bool) (err error) {
	settling := &layer{}
	s.journal, err = openJournal(path, forReading, s.home.about.id, s.home.about.last, settling, s.recent)
	if err != nil {
		return err
	}
	err = s.recount(settling, s.home.get)
	if settling.changes.Len() > 0 {
		s.settling = settling
	}
	if err == nil {
		err = s.recount(s.recent, s.beforeRecent)
	}
	if err != nil {
		return errors.Join(err, s.journal.close())
	}
	return nil
}

// recount makes count and keys right for what l, from the journal, adds to what
// was before, and takes away.
func (s *Store) recount(l *layer, before func(key string) (change, error)) (err error) {
	l.changes.Scan(func(key string, c change) bool {
		s.keys.add(key)
		var old change
		if old, err = before(key); err != nil {
			return false
		}
		if old.version > 0 {
			s.count--
		}
		if c.version > 0 {
			s.count++
		}
		return true
	})
	return err
}

// beforeRecent returns what the key was before the changes in recent.
func (s *Store) beforeRecent(key string) (change, error) {
	if s.settling != nil {
		if c, ok := s.settling.changes.Get(key); ok {
			return c, nil
		}
	}
	return s.home.get(key)
}

// Close ends the store. Changes that were asked for are made; later ones return
// ErrClosed. Snapshots must have been closed.
func (s *Store) Close() error {
	s.queue.close()
	close(s.closing)
	s.stopped.Wait()
	return errors.Join(s.journal.close(), s.home.Close())
}

// Read returns the record of key, or ErrMissing.
func (s *Store) Read(key string) (Record, error) {
	c, known := s.latest(key)
	if !known {
		var err error
		if c, err = s.home.get(key); err != nil {
			return Record{}, &StorageError{err}
		}
	}
	if c.version == 0 {
		return Record{}, ErrMissing
	}
	return Record{key, c.version, c.value}, nil
}

// latest returns what has become of key, if that is not in home yet. (It may
// get there between this and a look at home: then home has the answer.)
func (s *Store) latest(key string) (change, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if c, ok := s.recent.changes.Get(key); ok {
		return c, true
	}
	if s.settling == nil {
		return change{}, false
	}
	return s.settling.changes.Get(key)
}

// Len returns how many records there are.
func (s *Store) Len() uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.count
}
