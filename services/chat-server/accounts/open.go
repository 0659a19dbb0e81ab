package accounts

import (
	"errors"
	"fmt"
	"io/fs"

	"go.etcd.io/bbolt"
	"golang.org/x/crypto/bcrypt"

	"socketlab/kit/boltfile"
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
	var all contents
	file, err := boltfile.Open(path, false, &all)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(path); err != nil {
			return nil, fmt.Errorf("cannot make %s: is its folder there, and may this user write to it? (%w)", path, err)
		}
		all = contents{}
		file, err = boltfile.Open(path, false, &all)
	}
	if err != nil {
		return nil, openError(path, err)
	}
	known := make(map[string]Account, len(all.accounts))
	for _, account := range all.accounts {
		known[account.Key] = account
	}
	return &Store{options: o, file: file, hashing: newHashing(o.Cost), tries: newTries(o.Clock), known: known}, nil
}

// Read returns all accounts in the file at path, sorted by key, and changes
// nothing. No server may have the file open meanwhile. Its errors are as Open's, and for
// a file that is not there errors.Is(err, fs.ErrNotExist).
func Read(path string) ([]Account, error) {
	var all contents
	file, err := boltfile.Open(path, true, &all)
	if err == nil {
		err = file.Close()
	}
	if err != nil {
		return nil, openError(path, err)
	}
	return all.accounts, nil
}

// create makes a store without accounts. Another server may have been faster;
// then its file is as good.
func create(path string) error {
	err := boltfile.Create(path, func(tx *bbolt.Tx) error {
		if _, err := tx.CreateBucket(accountsBucket); err != nil {
			return err
		}
		about, err := tx.CreateBucket(aboutBucket)
		if err != nil {
			return err
		}
		return putTotals(about, totals{Format: format})
	})
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return err
}

// openError says what is wrong with the file at path, and what to do.
func openError(path string, err error) error {
	advice := "choose another file"
	var damage *boltfile.DamageError
	switch {
	case errors.Is(err, boltfile.ErrInUse):
		return fmt.Errorf("cannot open %s: another program has it open, most likely a running server; "+
			"stop that one, or choose another file", path)
	case errors.Is(err, boltfile.ErrForeign), errors.Is(err, errForeign):
		err = errForeign
	case errors.Is(err, boltfile.ErrNotFile):
		err = boltfile.ErrNotFile
	case errors.Is(err, errNewer):
		err = errNewer
		advice = "run that version, or choose another file"
	case errors.As(err, &damage):
		err = fmt.Errorf("it is damaged: %w", damage.Err)
		advice = "put a backup in its place, or move it away to begin without accounts"
	case errors.Is(err, fs.ErrNotExist):
		advice = "is the path right?"
	case errors.Is(err, fs.ErrPermission):
		advice = "let this user read and write it, or choose another file"
	}
	return fmt.Errorf("cannot open %s: %w; %s", path, err, advice)
}
