package main

import (
	"errors"
	"fmt"
	"syscall"

	"socketlab/crud-server/store"
)

// A refusal is the error of a line that asks for something that cannot be: text
// is the answer, without ERR.
type refusal struct{ text string }

func (r *refusal) Error() string { return r.text }

func refuse(format string, args ...any) error { return &refusal{fmt.Sprintf(format, args...)} }

// explain says why the disk refuses, and what can be done.
func explain(err *store.StorageError) string {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "the disk is full, nothing was changed; make room and try again"
	case errors.Is(err, syscall.EROFS):
		return "the disk can only be read, nothing was changed"
	}
	return err.Error()
}
