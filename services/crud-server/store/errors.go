package store

import (
	"errors"
	"fmt"

	"socketlab/kit/boltfile"
)

var (
	// ErrExists: to create a key that is there already.
	ErrExists = errors.New("the key exists")
	// ErrMissing: to read or change a key that is not there.
	ErrMissing = errors.New("the key is missing")
	// ErrClosed: the store is closed, or was opened only to be read.
	ErrClosed = errors.New("the store takes no changes")
	// ErrInUse: another process has the store open.
	ErrInUse = boltfile.ErrInUse
)

// A ConflictError is the answer to a change that was asked for only if the
// record has a certain version: it has another one.
type ConflictError struct{ Version uint64 }

func (e *ConflictError) Error() string { return fmt.Sprintf("the record is at version %d", e.Version) }

// A StorageError says that the disk did not do what was asked of it. Nothing
// was changed. The store goes on, and tries again with the next change.
type StorageError struct{ Err error }

func (e *StorageError) Error() string { return e.Err.Error() }
func (e *StorageError) Unwrap() error { return e.Err }

// A DamageError says that a file does not hold what was written to it, or never
// was a file of the store. Nothing of it is served: a part of the records, or
// old ones, would look like all there is.
type DamageError struct {
	Path string
	What string
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("%s is damaged, or no file of this store: %s. Put a backup in the place "+
		"of all the store's files, or move them away to begin with an empty store", e.Path, e.What)
}
