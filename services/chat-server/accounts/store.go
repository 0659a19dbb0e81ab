package accounts

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/crypto/bcrypt"

	"socketlab/kit/boltfile"
)

// What a call may fail with, for errors.Is. There are also *TooManyTries and
// *StorageError, for errors.As.
var (
	// ErrTaken is for a name that somebody has registered.
	ErrTaken = errors.New("this name is taken")
	// ErrWrong is for a wrong password and for a name that nobody has
	// registered. Who does not know the password does not learn which.
	ErrWrong = errors.New("wrong name or password")
	// ErrBusy is for a call that would have had to wait behind too many.
	ErrBusy = errors.New("too many passwords to check just now; try again in a few seconds")
	// ErrFull is for one account too many.
	ErrFull = errors.New("there is no room for another account")
)

// Options are the settings of a Store. The zero value is good.
type Options struct {
	// Cost is bcrypt's: each step up doubles the time. 0: 10, its default.
	Cost int
	// MaxAccounts is how many there can be. An account takes some 270 bytes
	// of memory and 420 of the file. 0: 100,000.
	MaxAccounts int
	// Clock says what time it is. nil: time.Now.
	Clock func() time.Time
}

// withDefaults returns o with every setting set.
func (o Options) withDefaults() Options {
	if o.Cost == 0 {
		o.Cost = bcrypt.DefaultCost
	}
	if o.MaxAccounts == 0 {
		o.MaxAccounts = 100_000
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return o
}

// A Store is the accounts and the file that they are kept in. Its methods may
// be called from several goroutines at once.
//
// A key is a name as it is compared, with no difference between Alice and
// alice; the caller makes it from the name.
type Store struct {
	options Options
	file    *boltfile.File
	hashing *hashing
	tries   *tries

	// changing is held by the one who changes the file, from before until
	// known has the change too.
	changing sync.Mutex
	// mu guards known. Nobody waits for the disk while they hold it.
	mu    sync.RWMutex
	known map[string]Account // by key; what the file has
}

// Close closes the file, after the change that is being written, if there is
// one. Later changes fail.
func (s *Store) Close() error { return s.file.Close() }

// Registered reports whether somebody has registered key. It never waits for
// the disk.
func (s *Store) Registered(key string) bool {
	_, found := s.find(key)
	return found
}

// Register makes an account for name. Once it has returned nil, the account is
// on the disk. It fails with ErrTaken, ErrName, ErrPassword, ErrBusy, ErrFull,
// a *StorageError, or ctx's error; ctx is watched while the call waits for its
// turn.
//
// Of several calls with one key exactly one returns nil.
func (s *Store) Register(ctx context.Context, key, name, password string) error {
	if err := cmp.Or(checkName(key), checkName(name), checkPassword(password)); err != nil {
		return err
	}
	if err := s.room(key); err != nil { // before the hashing, which is dear
		return err
	}
	hash, err := s.hashing.hash(ctx, password)
	if err != nil {
		return err
	}

	s.changing.Lock()
	defer s.changing.Unlock()
	if err := s.room(key); err != nil { // somebody may have been faster
		return err
	}
	created := s.options.Clock().UTC().Truncate(time.Second)
	return s.write(Account{Key: key, Name: name, Hash: hash, Created: created})
}

// Login returns the name as it was registered. It fails with ErrWrong, a
// *TooManyTries, ErrBusy, or ctx's error; ctx is watched while the call waits
// for its turn.
func (s *Store) Login(ctx context.Context, key, password string) (name string, err error) {
	account, err := s.verify(ctx, key, password)
	return account.Name, err
}

// ChangePassword sets a new password for who knows the old one. Once it has
// returned nil, the change is on the disk. It fails as Login does for the old
// password, and as Register does for the new one.
func (s *Store) ChangePassword(ctx context.Context, key, old, new string) error {
	if err := checkPassword(new); err != nil {
		return err
	}
	account, err := s.verify(ctx, key, old)
	if err != nil {
		return err
	}
	hash, err := s.hashing.hash(ctx, new)
	if err != nil {
		return err
	}

	s.changing.Lock()
	defer s.changing.Unlock()
	if now, _ := s.find(key); now.Hash != account.Hash {
		return ErrWrong // it was changed meanwhile: old is not right any more
	}
	account.Hash = hash
	return s.write(account)
}

// verify returns the account of key to who knows its password. A try is paid
// for before it is made, so that many at once are not cheaper, and only a wrong
// one costs something.
func (s *Store) verify(ctx context.Context, key, password string) (Account, error) {
	if len(password) > maxPasswordBytes {
		return Account{}, ErrWrong // bcrypt would look at the beginning alone
	}
	giveBack, err := s.tries.take(key)
	if err != nil {
		return Account{}, err
	}
	account, _ := s.find(key)
	right, err := s.hashing.matches(ctx, account.Hash, password)
	if err != nil || right {
		giveBack()
	}
	if err == nil && !right {
		err = ErrWrong
	}
	if err != nil {
		return Account{}, err
	}
	return account, nil
}

// room returns an error where there cannot be a new account for key.
func (s *Store) room(key string) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, taken := s.known[key]; taken {
		return ErrTaken
	}
	if len(s.known) >= s.options.MaxAccounts {
		return ErrFull
	}
	return nil
}

// find returns the account of key. That of a stranger has no Hash.
func (s *Store) find(key string) (account Account, found bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	account, found = s.known[key]
	return account, found
}
