//go:build !unix || solaris || aix

package store

import "os"

// lockFile leaves it to bbolt.
func lockFile(*os.File, bool) error { return nil }
