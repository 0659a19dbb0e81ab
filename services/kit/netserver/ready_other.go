//go:build !unix

package netserver

// isReadable answers yes: the Read that follows waits by itself.
func isReadable(uintptr) bool { return true }
