package store

import (
	"errors"
	"time"
)

// While a layer settles the next one grows. It may get so many times as large
// as a full one; then changes wait, or are refused if the settling fails.
const maxLoad = 2

// A layer goes into home in transactions of so many changes, or bytes. They are
// sorted by key, so one transaction stays within a part of the tree, and holds
// that part in memory.
const (
	settleChanges = 2048
	settleBytes   = 1 << 20
)

// tryAgain is how long to wait for a disk that has failed, if nobody asks.
const tryAgain = time.Second

// makeRoom starts settling where recent is full. Where recent would get too large
// it waits, or returns an error if there will be no room soon. The committer
// calls it, who alone lets recent grow.
func (s *Store) makeRoom() error {
	if full, err := s.waitForRoom(); !full {
		return err
	}
	// The next layer gets the journal file of the one that settled last.
	if err := s.journal.turn(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recent.last = s.journal.last
	s.settling, s.recent = s.recent, &layer{}
	s.full <- s.settling
	return nil
}

// waitForRoom returns true if recent is full and can settle. Where the last try
// to settle has failed, it has another one made at once: the disk may be well.
func (s *Store) waitForRoom() (full bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := false
	for s.settling != nil && s.recent.load(s.limit) >= maxLoad {
		switch {
		case s.settlerEnded:
			return false, ErrClosed
		case s.settleErr != nil && asked:
			return false, s.settleErr
		case s.settleErr != nil:
			asked = true
			s.askSettler()
		}
		s.settled.Wait()
	}
	return s.settling == nil && s.recent.load(s.limit) > 0, nil
}

func (s *Store) askSettler() {
	select {
	case s.settleNow <- struct{}{}:
	default: // it has been asked
	}
}

// settleAll is the settler: it puts full layers into home, one after the other,
// and goes on trying where the disk fails. A layer that is left when the store is
// closed is still in the journal.
func (s *Store) settleAll() {
	defer s.endSettling()
	for {
		select {
		case <-s.closing:
			return
		case full := <-s.full:
			if !s.settle(full) {
				return
			}
		}
	}
}

// settle returns false when the store is closed meanwhile.
func (s *Store) settle(full *layer) bool {
	for {
		err := s.putHome(full)
		if errors.Is(err, ErrClosed) {
			return false
		}
		s.noteSettled(err)
		if err == nil {
			return true
		}
		select {
		case <-s.closing:
			return false
		case <-s.settleNow:
		case <-time.After(tryAgain):
		}
	}
}

// noteSettled tells those who wait, and the log at the first failure and at the
// first success after it.
func (s *Store) noteSettled(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil && s.settleErr == nil:
		s.log.WithError(err).Error("Cannot write the main file; the journal takes changes until it is full")
	case err == nil && s.settleErr != nil:
		s.log.Info("The main file can be written again")
	}
	s.settleErr = err
	if err == nil {
		s.settling = nil
	}
	s.settled.Broadcast()
}

func (s *Store) endSettling() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settlerEnded = true
	s.settled.Broadcast()
}

// putHome writes the changes of full into home. If it ends half-way, or is
// killed, that does no harm: they are still in the journal, and to write them
// once more gives the same.
func (s *Store) putHome(full *layer) error {
	var part []keyed
	bytes := 0
	all := full.changes.Iter()
	for ok := all.First(); ok; ok = all.Next() {
		part = append(part, keyed{all.Key(), all.Value()})
		bytes += len(all.Key()) + len(all.Value().value)
		if len(part) < settleChanges && bytes < settleBytes {
			continue
		}
		if err := s.home.apply(part, s.home.about.last); err != nil {
			return err
		}
		part, bytes = part[:0], 0
		if s.isClosing() {
			return ErrClosed
		}
	}
	return s.home.apply(part, full.last)
}

func (s *Store) isClosing() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}
