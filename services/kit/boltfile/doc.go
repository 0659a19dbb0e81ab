// Package boltfile opens a file of bbolt's only if it can be trusted, and keeps
// it so.
//
// bbolt maps its file into memory and believes what is there: a flipped bit is a
// wrong answer, a panic in a goroutine that nobody can guard, a loop without an
// end, or a fault. So a file is locked, and read from its first page to its
// last, before bbolt sees it; what the entries mean is for the caller to judge.
// A file that is refused is left as it is.
//
// The life of a file, and where to read about it:
//
//	create.go   a new one, whole or not at all
//	lock_*.go   one process at a time
//	file.go     opening
//	verify.go   is it what bbolt has left?
//	pages.go    the same for each page
//	change.go   reading and changing, also after the disk has failed
//	guard.go    the disk fails while bbolt reads its memory
//	errors.go   what can be wrong, in words
package boltfile
