package boltfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// A File is one of bbolt's, verified and locked, from Open to Close. Any number
// of goroutines may use it.
type File struct {
	path  string
	db    *bolt.DB
	disk  *os.File // db's own
	draft bool     // nothing is synced before Close

	// changing is held during an Update, and guards the rest.
	changing sync.Mutex
	// unsure: the last change has failed, see mend.
	unsure bool
	// broken is why there can be no more changes, see step.
	broken error
}

// lockWait is how long a process that is ending has to let go of the file.
const lockWait = 500 * time.Millisecond

// fileMode: for its owner alone.
const fileMode = 0o600

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

// Open opens the file at path, locks it for this process and verifies it, page
// by page; what the entries mean is for inspector to judge. To read only, several
// processes may have it open. The caller closes the File.
//
// A file that is not there is fs.ErrNotExist. One that is in use is ErrInUse, one
// that is refused a DamageError; it is left as it is.
func Open(path string, readOnly bool, inspector Inspector) (*File, error) {
	// Before it is opened, for that may wait for ever (fifo(7)).
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: %w", path, ErrNotFile)
	}
	f := &File{path: path}
	err = f.open(&bolt.Options{ReadOnly: readOnly}, func(flag int) (*os.File, error) {
		return openVerified(path, flag&^os.O_CREATE, inspector)
	})
	if errors.Is(err, berrors.ErrTimeout) || errors.Is(err, ErrInUse) {
		return nil, fmt.Errorf("%s: %w", path, ErrInUse)
	}
	if err != nil {
		return nil, err
	}
	if readOnly {
		return f, nil
	}
	// Who made the file may have died before this was done.
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// open has bbolt open what openDisk opens.
//
// The list of free pages is a part of the file, and is verified like the rest.
// The other way (bolt.Options.NoFreelistSync) would be to find out at each start
// which pages are in use. For that bbolt goes through all of them once more, which
// takes a third of the time that verifying them takes; where it stumbles it panics
// in a goroutine of its own; and a page that nothing leads to any more would look
// like a free one.
func (f *File) open(options *bolt.Options, openDisk func(flag int) (*os.File, error)) (err error) {
	options.Timeout = lockWait
	options.InitialMmapSize = mapped()
	options.FreelistType = bolt.FreelistMapType
	options.NoStatistics = true
	options.OpenFile = func(_ string, flag int, _ fs.FileMode) (_ *os.File, err error) {
		f.disk, err = openDisk(flag)
		return f.disk, err
	}
	f.db, err = f.openGuarded(options)
	if err != nil {
		if f.disk != nil { // after a panic bbolt has not closed it
			unlock(f.disk)
			f.disk.Close()
		}
		return err
	}
	f.db.AllocSize = growBy
	return nil
}

func (f *File) openGuarded(options *bolt.Options) (db *bolt.DB, err error) {
	defer Guard(f.path, &err)()
	return bolt.Open(f.path, fileMode, options)
}

// openVerified opens, locks and verifies the file at path.
func openVerified(path string, flag int, inspector Inspector) (*os.File, error) {
	disk, err := os.OpenFile(path, flag, fileMode)
	if err != nil {
		return nil, err
	}
	if err := look(disk, flag&os.O_RDWR != 0, inspector); err != nil {
		disk.Close()
		return nil, err
	}
	return disk, nil
}

// look locks disk, alone or with others, and verifies it.
//
// An empty file is damaged: no crash of ours leaves one (create.go). It may be
// what a failing disk has left, and to begin anew would hide that.
func look(disk *os.File, alone bool, inspector Inspector) error {
	if err := Lock(disk, alone); err != nil {
		return err
	}
	info, err := disk.Stat()
	if err != nil {
		return err
	}
	if info.Size() == 0 {
		return &DamageError{disk.Name(), errors.New("it is empty")}
	}
	if err := verify(disk, inspector); err != nil {
		return &DamageError{disk.Name(), err}
	}
	return nil
}

// Close closes the file, after the change that is being made. Transactions that
// Begin returned must have ended.
func (f *File) Close() error {
	f.changing.Lock()
	defer f.changing.Unlock()
	switch {
	case f.broken != nil:
		// bbolt would wait for its locks.
		return errors.Join(f.broken, unlock(f.disk), f.disk.Close())
	case f.draft:
		return errors.Join(f.db.Sync(), f.db.Close())
	}
	return f.db.Close()
}
