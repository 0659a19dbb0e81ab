package accounts

import (
	"errors"
	"fmt"
	"syscall"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"
)

// The buckets of the file, and the one key of the second.
var (
	accountsBucket = []byte("accounts") // key: an Account's record
	aboutBucket    = []byte("about")
	totalsKey      = []byte("totals")
)

// A StorageError says in words why a change was not written. It wraps what the
// system said.
type StorageError struct {
	words string
	err   error
}

func (e *StorageError) Error() string { return fmt.Sprintf("%s (%v)", e.words, e.err) }

// Unwrap returns what the system said.
func (e *StorageError) Unwrap() error { return e.err }

// write puts account into the file and then into known. s.changing is held.
//
// A write that fails late, at the last fsync, say, may have changed the file
// all the same. So known gets what the file has now, whatever has happened.
func (s *Store) write(account Account) error {
	err := s.file.Update(func(tx *bbolt.Tx) error { return put(tx, account) })
	if readErr := s.readAgain(account.Key); err == nil {
		err = readErr
	}
	if err != nil {
		return storageError(err)
	}
	return nil
}

// readAgain puts into known what the file has for key.
func (s *Store) readAgain(key string) error {
	return s.file.View(func(tx *bbolt.Tx) error {
		record := tx.Bucket(accountsBucket).Get([]byte(key))
		if record == nil {
			return nil
		}
		account, _, err := decodeAccount(key, record)
		if err != nil {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.known[key] = account
		return nil
	})
}

// put writes account's record, new or over the one that was there, and counts
// it.
func put(tx *bbolt.Tx, account Account) error {
	accounts, about := tx.Bucket(accountsBucket), tx.Bucket(aboutBucket)
	key := []byte(account.Key)
	total, err := decodeTotals(about.Get(totalsKey))
	if err != nil {
		return err
	}
	if old := accounts.Get(key); old != nil {
		_, sum, err := decodeAccount(account.Key, old)
		if err != nil {
			return err
		}
		total.Accounts--
		total.Sum ^= sum
	}
	record, sum, err := account.encode()
	if err != nil {
		return err
	}
	total.Accounts++
	total.Sum ^= sum
	if err := accounts.Put(key, record); err != nil {
		return err
	}
	return putTotals(about, total)
}

func putTotals(about *bbolt.Bucket, total totals) error {
	record, err := total.encode()
	if err != nil {
		return err
	}
	return about.Put(totalsKey, record)
}

// storageError says what err means, and what to do.
func storageError(err error) *StorageError {
	words := "the account could not be saved, and it is not certain that nothing was changed"
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		words = "the disk is full, so nothing was saved; make room on it and try again"
	case errors.Is(err, syscall.EROFS):
		words = "the disk has become read-only, so nothing was saved; look into the system's log for why"
	case errors.Is(err, syscall.EIO):
		words = "the disk fails, and the account may not be saved; copy the file to another disk"
	case errors.Is(err, bbolterrors.ErrDatabaseNotOpen):
		words = "the server is shutting down, so nothing was saved"
	}
	return &StorageError{words: words, err: err}
}
