package accounts

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"go.etcd.io/bbolt"
	"golang.org/x/crypto/bcrypt"
)

// mustRefuse wants neither Open nor Read to take the file, both to say
// something, and the file to stay as it is.
func mustRefuse(t *testing.T, path, says string) {
	t.Helper()
	before, _ := os.ReadFile(path)
	s, openErr := Open(path, Options{Cost: bcrypt.MinCost})
	if openErr == nil {
		s.Close()
	}
	_, readErr := Read(path)
	for name, err := range map[string]error{"Open": openErr, "Read": readErr} {
		if err == nil {
			t.Errorf("%s took it", name)
		} else if text := err.Error(); !strings.Contains(text, says) || !strings.Contains(text, path) ||
			strings.Contains(text, "\n") {
			t.Errorf("%s says %q, without %q or without the path, or in two lines", name, text, says)
		}
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the file has changed")
	}
}

func TestAFileThatIsNotAStoreIsRefused(t *testing.T) {
	tests := map[string]struct{ content, says string }{
		"empty":               {"", "it is empty; put a backup in its place"},
		"a text":              {"alice: correct horse\n", "something other than accounts; choose another file"},
		"a long text":         {strings.Repeat("alice: correct horse\n", 10000), "something other than accounts"},
		"zeros":               {strings.Repeat("\x00", 32<<10), "something other than accounts"},
		"fewer than a page":   {strings.Repeat("\x00", 100), "something other than accounts"},
		"0xFF":                {strings.Repeat("\xff", 32<<10), "something other than accounts"},
		"a page and a letter": {strings.Repeat("\x00", os.Getpagesize()) + "x", "something other than accounts"},
	}
	for about, test := range tests {
		t.Run(about, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "accounts.db")
			if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
				t.Fatal(err)
			}
			mustRefuse(t, path, test.says)
		})
	}
}

// edit changes the database at path, as bbolt's other users do.
func edit(t *testing.T, path string, change func(tx *bbolt.Tx) error) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(change), db.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestAnotherDatabaseIsRefused(t *testing.T) {
	for name, key := range map[string]string{
		"records":              "key",
		string(aboutBucket):    "key",
		string(accountsBucket): "", // and no other bucket
	} {
		path := filepath.Join(t.TempDir(), "other.db")
		edit(t, path, func(tx *bbolt.Tx) error {
			bucket, err := tx.CreateBucket([]byte(name))
			if err != nil || key == "" {
				return err
			}
			return bucket.Put([]byte(key), []byte("value"))
		})
		mustRefuse(t, path, "something other than accounts; choose another file")
	}
}

func TestRecordsThatDoNotAddUpAreRefused(t *testing.T) {
	tests := map[string]struct {
		change func(accounts, about *bbolt.Bucket) error
		says   string
	}{
		"a newer format": {func(_, about *bbolt.Bucket) error {
			return putTotals(about, totals{Format: format + 1})
		}, "a newer version of this program has written it; run that version"},
		"no totals": {func(_, about *bbolt.Bucket) error {
			return about.Delete(totalsKey)
		}, "damaged: the record of the totals"},
		"an account is missing": {func(accounts, _ *bbolt.Bucket) error {
			return accounts.Delete([]byte("bob"))
		}, "damaged: its 1 accounts are not the 2 that were written last"},
		"an account under another key": {func(accounts, _ *bbolt.Bucket) error {
			return accounts.Put([]byte("mallory"), accounts.Get([]byte("bob")))
		}, `damaged: the record of "mallory": its checksum is wrong`},
		"an older record": {func(accounts, _ *bbolt.Bucket) error {
			older, _, err := Account{Key: "bob", Name: "Bob", Hash: string(nobody(4))}.encode()
			if err != nil {
				return err
			}
			return accounts.Put([]byte("bob"), older)
		}, "damaged: its 2 accounts are not the 2 that were written last"},
		"a record without a hash": {func(accounts, _ *bbolt.Bucket) error {
			record, _, err := Account{Key: "bob", Name: "Bob"}.encode()
			if err != nil {
				return err
			}
			return accounts.Put([]byte("bob"), record)
		}, `damaged: the record of "bob": `},
		"a bucket instead of a record": {func(accounts, _ *bbolt.Bucket) error {
			_, err := accounts.CreateBucket([]byte("carol"))
			return err
		}, `: the entry "carol" of bucket "accounts" has the flags`},
	}
	for about, test := range tests {
		t.Run(about, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "accounts.db")
			s, _ := open(t, path)
			register(t, s, "Alice", "Bob")
			s.Close()
			edit(t, path, func(tx *bbolt.Tx) error {
				return test.change(tx.Bucket(accountsBucket), tx.Bucket(aboutBucket))
			})
			mustRefuse(t, path, test.says)
		})
	}
}

func TestOneServerAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.db")
	s, _ := open(t, path)
	register(t, s, "Alice")
	mustRefuse(t, path, "another program has it open, most likely a running server; stop that one")
	login(t, s, "alice", good, "Alice", nil)
	s.Close()
	again, _ := open(t, path)
	login(t, again, "alice", good, "Alice", nil)
}

func TestOfManyThatMakeTheFileOneGetsIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.db")
	opened := make(chan *Store, 8)
	var all sync.WaitGroup
	for range cap(opened) {
		all.Go(func() {
			s, err := Open(path, Options{Cost: bcrypt.MinCost})
			if err == nil {
				opened <- s
			} else if !strings.Contains(err.Error(), "another program has it open") {
				t.Error(err)
			}
		})
	}
	all.Wait()
	close(opened)
	if len(opened) != 1 {
		t.Fatalf("%d have opened it", len(opened))
	}
	s := <-opened
	register(t, s, "Alice")
	s.Close()
	if kept, err := Read(path); err != nil || len(kept) != 1 {
		t.Errorf("%v, %v", kept, err)
	}
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

func TestANewFileIsForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.db")
	open(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// What a crash leaves that comes before the new file has got its name.
func TestAHalfMadeFileIsNotInTheWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.db")
	if err := os.WriteFile(path+".new-123", make([]byte, 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := open(t, path)
	register(t, s, "Alice")
}

func TestAFolderThatIsNotThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "absent", "accounts.db")
	_, err := Open(path, Options{})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "is its folder there") {
		t.Errorf("Open: %v", err)
	}
	if _, err := Read(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "is the path right?") {
		t.Errorf("Read: %v", err)
	}
}

func TestAFolderInsteadOfAFile(t *testing.T) {
	mustRefuse(t, t.TempDir(), "it is not a file; choose another")
}

func TestWhatThisUserMayNotDo(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "accounts.db")
	if err := os.Chmod(folder, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Chmod(folder, 0o700) })
	if file, err := os.Create(filepath.Join(folder, "try")); err == nil {
		file.Close()
		t.Skip("this user may write everywhere")
	}
	_, err := Open(path, Options{})
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "may this user write to it?") {
		t.Errorf("a folder that is read-only: %v", err)
	}

	os.Chmod(folder, 0o700)
	s, _ := open(t, path)
	s.Close()
	os.Chmod(path, 0o400)
	_, err = Open(path, Options{})
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "let this user read and write it") {
		t.Errorf("a file that is read-only: %v", err)
	}
	if _, err := Read(path); err != nil {
		t.Errorf("to read it is allowed: %v", err)
	}
}

func TestACostThatBcryptDoesNotHave(t *testing.T) {
	for _, cost := range []int{-1, 3, 32} {
		path := filepath.Join(t.TempDir(), "accounts.db")
		_, err := Open(path, Options{Cost: cost})
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("from 4 to 31, not %d", cost)) {
			t.Errorf("cost %d: %v", cost, err)
		}
	}
}
