package boltfile

import (
	"errors"
	"fmt"
)

var (
	// ErrInUse: another process has the file open.
	ErrInUse = errors.New("another server has it open; stop that one first")
	// ErrNotFile: there is something else of that name, such as a folder.
	ErrNotFile = errors.New("it is not a file")
	// ErrForeign, in a DamageError: nothing says that the file was ever one
	// of bbolt's.
	ErrForeign = errors.New("it is no database of this kind")
)

// A DamageError says that a file does not hold what was written to it, or never
// was a file of bbolt's. Nothing of it should be used: a part of what was there,
// or what was there yesterday, would look like all there is.
type DamageError struct {
	Path string
	Err  error // what is wrong; an Inspector's own error is as it was
}

func (e *DamageError) Error() string { return fmt.Sprintf("%s cannot be trusted: %v", e.Path, e.Err) }

// Unwrap returns what is wrong.
func (e *DamageError) Unwrap() error { return e.Err }
