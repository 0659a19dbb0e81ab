//go:build !unix || solaris || aix

package boltfile

import "os"

// Lock leaves it to bbolt, which locks the file in ways that differ from system
// to system.
func Lock(*os.File, bool) error { return nil }

func unlock(*os.File) error { return nil }
