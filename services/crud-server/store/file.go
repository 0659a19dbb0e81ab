package store

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// A file is one of bbolt's, verified and locked.
type file struct {
	path string
	db   *bolt.DB
	disk *os.File // db's own
	// unsure: a transaction has failed, see mend. Only who writes to the
	// file looks at it; for each file that is one goroutine at a time.
	unsure bool
}

// growBy is how much a file grows at once, in bytes, for each time is an fsync.
const growBy = 4 << 20

// mapped is how much address space a file is mapped to in advance, in bytes: to
// map it anew bbolt must wait for all who read, and they may be slow. It costs
// nothing where there is plenty. On Windows the file would get that long.
func mapped() int {
	size := 256 << 20
	if math.MaxInt > math.MaxInt32 {
		size <<= 8 // 64 GiB
	}
	if runtime.GOOS == "windows" {
		return 0
	}
	return size
}

// openFile opens the file at path, which must exist, locks it for this process
// and calls each for every entry. For reading several processes may open it.
func openFile(path string, forReading bool, each entryFunc) (*file, error) {
	f := &file{path: path}
	options := options()
	options.ReadOnly = forReading
	options.OpenFile = func(path string, flag int, mode fs.FileMode) (*os.File, error) {
		disk, err := os.OpenFile(path, flag&^os.O_CREATE, mode)
		if err != nil {
			return nil, err
		}
		if err := f.look(disk, forReading, each); err != nil {
			disk.Close()
			return nil, err
		}
		f.disk = disk
		return disk, nil
	}
	var err error
	f.db, err = bolt.Open(path, 0o600, options)
	if errors.Is(err, berrors.ErrTimeout) || errors.Is(err, ErrInUse) {
		return nil, fmt.Errorf("%s: %w", path, ErrInUse)
	}
	if err != nil {
		return nil, err
	}
	f.db.AllocSize = growBy
	return f, nil
}

func options() *bolt.Options {
	return &bolt.Options{
		Timeout:         time.Second, // for the lock
		InitialMmapSize: mapped(),
		FreelistType:    bolt.FreelistMapType,
		NoStatistics:    true,
	}
}

// look locks and verifies disk.
func (f *file) look(disk *os.File, forReading bool, each entryFunc) error {
	if err := lockFile(disk, !forReading); err != nil {
		return err
	}
	switch info, err := disk.Stat(); {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a file", f.path)
	case info.Size() == 0:
		return &DamageError{f.path, "it is empty"}
	}
	if err := verify(disk, each); err != nil {
		return &DamageError{f.path, err.Error()}
	}
	return nil
}

// createFile makes a new file in which fill's transaction has happened. It is
// there under its name as a whole or not at all, even if the power fails.
func createFile(path string, fill func(tx *bolt.Tx) error) error {
	draft := path + ".new"
	db, err := bolt.Open(draft, 0o600, options())
	if errors.Is(err, berrors.ErrTimeout) {
		return fmt.Errorf("%s: %w", draft, ErrInUse)
	}
	if err != nil {
		// A draft that a crash has left is no loss.
		os.Remove(draft)
		if db, err = bolt.Open(draft, 0o600, options()); err != nil {
			return err
		}
	}
	err = errors.Join(db.Update(fill), db.Close())
	if err == nil {
		err = publish(draft, path)
	}
	if err != nil {
		os.Remove(draft)
		return fmt.Errorf("cannot create %s: %w", path, err)
	}
	return nil
}

// publish gives a draft, all of which is on the disk, its name.
func publish(draft, path string) error {
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

// update runs change in a transaction. When it returns nil all of it is on the
// disk. Otherwise none of it counts, but see mend.
func (f *file) update(change func(tx *bolt.Tx) error) error {
	if f.unsure {
		if err := f.mend(); err != nil {
			return err
		}
	}
	err := f.try(change)
	f.unsure = err != nil
	return err
}

func (f *file) try(change func(tx *bolt.Tx) error) (err error) {
	defer guard(f.path, &err)()
	return f.db.Update(change)
}

// view runs read in a transaction that changes nothing.
func (f *file) view(read func(tx *bolt.Tx) error) (err error) {
	defer guard(f.path, &err)()
	return f.db.View(read)
}

// guard is deferred as `defer guard(path, &err)()`. The file is memory to bbolt:
// where the disk does not give a page of it, that is a fault. Of that, or of a
// panic, in the rest of the function it makes an error.
func guard(path string, err *error) func() {
	before := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(before)
		if cause := recover(); cause != nil {
			*err = fmt.Errorf("%s cannot be used: %v", path, cause)
		}
	}
}

// mend makes the disk hold what this process sees in the file. After an fsync
// that failed the two may differ: the kernel keeps in memory what it could not
// write, and takes it for written (fsync(2), "Errors"). A page of data does no
// harm, for nothing leads to it, and it is written anew when it is used. But if
// it was a meta, the disk may know only the older state, whose pages the next
// transaction would write over. So both metas are written once more.
func (f *file) mend() error {
	tx, err := f.db.Begin(true) // no other transaction may write them meanwhile
	if err != nil {
		return err
	}
	defer tx.Rollback()
	page := make([]byte, f.db.Info().PageSize)
	for id := range int64(2) {
		if _, err := f.disk.ReadAt(page, id*int64(len(page))); err != nil {
			return err
		}
		if _, err := f.disk.WriteAt(page, id*int64(len(page))); err != nil {
			return err
		}
	}
	return f.db.Sync()
}

func (f *file) close() error { return f.db.Close() }
