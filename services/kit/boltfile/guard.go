package boltfile

import (
	"fmt"
	"runtime/debug"
)

// Guard is deferred as `defer Guard(path, &err)()`, by all that reads what bbolt
// has mapped into memory: by this package, and by the user of a transaction that
// Begin returned. Where the disk does not give a page, that is a fault (SIGBUS,
// mmap(2)); where a page is not what it should be, bbolt panics. Of either, in
// the rest of the function, it makes a DamageError. It holds for the goroutine
// that calls it.
func Guard(path string, err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if cause := recover(); cause != nil {
			*err = &DamageError{path, fmt.Errorf("a page of it cannot be read: %v", cause)}
		}
	}
}
