package accounts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"
	"golang.org/x/crypto/bcrypt"
)

// lockWait is how long a server that is ending has to let go of the file.
const lockWait = 500 * time.Millisecond

// What a file can be instead of a store.
var (
	errForeign = errors.New("it holds something other than accounts")
	errNewer   = errors.New("a newer version of this program has written it")
	errDamaged = errors.New("it is damaged")
)

// Open opens the accounts in the file at path, and makes the file where there
// is none, in a folder that must exist. The caller closes the Store.
//
// A file that is there and is not a sound store is left as it is, and is an
// error; so is one that another program has open. Errors name the file and say
// what to do.
func Open(path string, o Options) (*Store, error) {
	o = o.withDefaults()
	if o.Cost < bcrypt.MinCost || o.Cost > bcrypt.MaxCost {
		return nil, fmt.Errorf("bcrypt's cost must be from %d to %d, not %d", bcrypt.MinCost, bcrypt.MaxCost, o.Cost)
	}
	all, err := Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, fmt.Errorf("cannot make %s: is its folder there, and may this user write to it? (%w)", path, err)
		}
		all, err = Read(path)
	}
	if err != nil {
		return nil, err
	}
	db, err := openBolt(path, false)
	if err != nil {
		return nil, openError(path, err)
	}
	// At each start, for a crash between create and this line.
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return nil, errors.Join(openError(path, err), db.Close())
	}
	known := make(map[string]Account, len(all))
	for _, account := range all {
		known[account.Key] = account
	}
	return &Store{options: o, db: db, hashing: newHashing(o.Cost), tries: newTries(o.Clock), known: known}, nil
}

// Read returns all accounts in the file at path, sorted by key, and changes
// nothing. No server may have the file open meanwhile. Its errors are as Open's, and for
// a file that is not there errors.Is(err, fs.ErrNotExist).
func Read(path string) ([]Account, error) {
	var all []Account
	err := checkFile(path)
	if err == nil {
		all, err = readSound(path)
	}
	if err != nil {
		return nil, openError(path, err)
	}
	return all, nil
}

// checkFile looks at what can be seen without opening the file.
//
// An empty file is an error: no crash of ours leaves one (see create). It may
// be what a failing disk has left of a store, and to begin anew would give all
// names away.
func checkFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%w: it is not a file", errForeign)
	case info.Size() == 0:
		return fmt.Errorf("%w: it is empty", errDamaged)
	}
	return nil
}

// readSound reads the file under a lock that other readers share. The pages
// are inspected before bbolt walks from one to the next.
func readSound(path string) ([]Account, error) {
	db, err := openBolt(path, true)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	var all []Account
	err = catchFault(func() error {
		if _, err := inspect(path); err != nil {
			return err
		}
		return db.View(func(tx *bbolt.Tx) (err error) {
			all, err = readAll(tx)
			return err
		})
	})
	return all, err
}

// readAll reads and checks every record.
func readAll(tx *bbolt.Tx) ([]Account, error) {
	accounts, about := tx.Bucket(accountsBucket), tx.Bucket(aboutBucket)
	if accounts == nil || about == nil {
		return nil, errForeign
	}
	total, err := decodeTotals(about.Get(totalsKey))
	if err != nil {
		return nil, fmt.Errorf("%w: the record of the totals: %w", errDamaged, err)
	}
	if total.Format > format {
		return nil, errNewer
	}
	var all []Account
	found := totals{Format: format}
	err = accounts.ForEach(func(key, record []byte) error {
		account, sum, err := decodeAccount(string(key), record)
		if err != nil {
			return fmt.Errorf("%w: the record of %q: %w", errDamaged, key, err)
		}
		all = append(all, account)
		found.Accounts++
		found.Sum ^= sum
		return nil
	})
	if err == nil && found != total {
		return nil, fmt.Errorf("%w: its %d accounts are not the %d that were written last",
			errDamaged, found.Accounts, total.Accounts)
	}
	return all, err
}

// create makes a store without accounts under another name, and then gives it
// its own. So the file at path is either absent or whole, and a crash at any
// moment leaves at most a file path.new-*, which nobody misses.
//
// It is a link and not a rename: of two servers that do this at once, one gets
// fs.ErrExist, and finds the other's file. That is nil, too.
func create(path string) error {
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if err := temp.Close(); err != nil {
		return err
	}
	db, err := openBolt(temp.Name(), false)
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket(accountsBucket)
		if err != nil {
			return err
		}
		about, err := tx.CreateBucket(aboutBucket)
		if err != nil {
			return err
		}
		return putTotals(about, totals{Format: format})
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	if err := os.Link(temp.Name(), path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// openBolt opens a file that exists, and takes a lock on it.
func openBolt(path string, readOnly bool) (db *bbolt.DB, err error) {
	var file *os.File
	options := &bbolt.Options{
		ReadOnly: readOnly,
		Timeout:  lockWait,
		// The list of free pages is made at each start, by looking which
		// pages are in use. In the file it could be damaged, and then
		// pages in use would be written over.
		NoFreelistSync: true,
		NoStatistics:   true,
		OpenFile: func(name string, flag int, mode os.FileMode) (_ *os.File, err error) {
			file, err = os.OpenFile(name, flag&^os.O_CREATE, mode)
			return file, err
		},
	}
	err = catchFault(func() (err error) {
		db, err = bbolt.Open(path, 0o600, options)
		return err
	})
	if err != nil {
		file.Close() // after a panic bbolt has not closed it
		return nil, err
	}
	return db, nil
}

// catchFault runs read, and returns a panic of it as an error; bbolt panics
// where a page is not what it should be. The file is mapped into memory, so a
// page that cannot be read is a fault (SIGBUS), which is made a panic first.
func catchFault(read func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%w: %v", errDamaged, fault)
		}
	}()
	return read()
}

// syncFolder puts the folder's list of names onto the disk; fsync(2): to sync a
// file does not do that. Windows has nothing of the kind.
func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// openError says what is wrong with the file at path, and what to do.
func openError(path string, err error) error {
	advice := "choose another file"
	switch {
	case errors.Is(err, bbolterrors.ErrTimeout):
		return fmt.Errorf("cannot open %s: another program has it open, most likely a running server; "+
			"stop that one, or choose another file", path)
	case errors.Is(err, bbolterrors.ErrInvalid), errors.Is(err, bbolterrors.ErrVersionMismatch):
		err = errForeign
	case errors.Is(err, fs.ErrNotExist):
		advice = "is the path right?"
	case errors.Is(err, fs.ErrPermission):
		advice = "let this user read and write it, or choose another file"
	case errors.Is(err, errNewer):
		advice = "run that version, or choose another file"
	case errors.Is(err, errDamaged), errors.Is(err, bbolterrors.ErrChecksum):
		advice = "put a backup in its place, or move it away to begin without accounts"
	}
	return fmt.Errorf("cannot open %s: %w; %s", path, err, advice)
}
