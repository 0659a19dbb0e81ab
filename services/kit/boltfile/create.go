package boltfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	bolt "go.etcd.io/bbolt"
)

// Create makes a new file at path in which fill's transaction has happened. It is
// there under its name as a whole or not at all, even if the power fails: a crash
// leaves at most a file path.new-*, which nobody misses. A file that is there
// already is left as it is, and fs.ErrExist; so of several processes that make it
// at once one succeeds, and the others have its file.
func Create(path string, fill func(tx *bolt.Tx) error) error {
	name, err := draftName(path)
	if err != nil {
		return err
	}
	defer os.Remove(name)
	draft, err := NewDraft(name)
	if err != nil {
		return err
	}
	if err := errors.Join(draft.Update(fill), draft.Close()); err != nil {
		return err
	}
	return Publish(name, path)
}

// draftName makes an empty file beside path, which no other process makes.
func draftName(path string) (string, error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return "", err
	}
	return file.Name(), file.Close()
}

// NewDraft opens a File without entries at path, over a file that is there, to be
// filled, closed, and given its real name with Publish or Replace. Nothing of it
// is on the disk before Close has returned nil.
func NewDraft(path string) (*File, error) {
	f := &File{path: path, draft: true}
	err := f.open(&bolt.Options{NoSync: true}, func(flag int) (*os.File, error) {
		return os.OpenFile(path, flag|os.O_CREATE|os.O_TRUNC, fileMode)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Publish gives a draft, all of which is on the disk, its name. Where there is
// a file of that name already it fails with fs.ErrExist. The draft's own name is
// gone in either case.
func Publish(draft, path string) error {
	defer os.Remove(draft)
	return publish(draft, path, os.Link)
}

// publish links, and does not rename: a rename would put the draft in the place
// of what another process has just made. Some file systems, such as FAT, have no
// links (link(2), EPERM). There a look must do, and two that start at once can
// miss each other. link is os.Link, or a test's.
func publish(draft, path string, link func(oldName, newName string) error) error {
	err := link(draft, path)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, errors.ErrUnsupported) {
		if _, err := os.Lstat(path); err == nil {
			return &fs.PathError{Op: "create", Path: path, Err: fs.ErrExist}
		}
		err = os.Rename(draft, path)
	}
	if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// Replace gives a draft, all of which is on the disk, the name of a file that is
// not open any more, in its place. After a crash there is the one or the other.
func Replace(draft, path string) error {
	if err := os.Rename(draft, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes sure that what was created or renamed in folder stays so:
// the fsync of a file is not for its name (fsync(2)).
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil // a folder cannot be opened there
	}
	d, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
