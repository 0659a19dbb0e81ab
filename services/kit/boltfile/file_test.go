package boltfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

var entries = []byte("entries")

// contents is an Inspector that takes everything.
type contents map[string]string

func (c contents) Bucket(string) error { return nil }

func (c contents) Entry(_ string, key, value []byte) error {
	c[string(key)] = string(value)
	return nil
}

func (c contents) End() error { return nil }

// refusal is an Inspector that refuses at a certain call.
type refusal struct{ bucket, entry, end error }

func (r refusal) Bucket(string) error                { return r.bucket }
func (r refusal) Entry(string, []byte, []byte) error { return r.entry }
func (r refusal) End() error                         { return r.end }

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func expectError(t testing.TB, want, got error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("expected the error %q, got %v", want, got)
	}
}

func expectDamage(t testing.TB, err error) {
	t.Helper()
	if damage := (*DamageError)(nil); !errors.As(err, &damage) {
		t.Fatalf("expected a DamageError, got %v", err)
	}
}

// newPath is where no file is.
func newPath(t testing.TB) string { return filepath.Join(t.TempDir(), "test.db") }

// fillWith makes a bucket with one entry.
func fillWith(key, value string) func(tx *bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		bucket, err := tx.CreateBucket(entries)
		if err != nil {
			return err
		}
		return bucket.Put([]byte(key), []byte(value))
	}
}

// put is a change.
func put(key, value string) func(tx *bolt.Tx) error {
	return func(tx *bolt.Tx) error { return tx.Bucket(entries).Put([]byte(key), []byte(value)) }
}

// created makes a file with the entry a and opens it until the end of the test.
func created(t testing.TB) (string, *File) {
	t.Helper()
	path := newPath(t)
	must(t, Create(path, fillWith("a", "1")))
	return path, opened(t, path)
}

func opened(t testing.TB, path string) *File {
	t.Helper()
	f, err := Open(path, false, contents{})
	must(t, err)
	t.Cleanup(func() { f.Close() })
	return f
}

// expectContents opens the file at path to read, and wants it to have that.
func expectContents(t testing.TB, path string, want contents) {
	t.Helper()
	got := contents{}
	f, err := Open(path, true, got)
	must(t, err)
	must(t, f.Close())
	if !maps.Equal(got, want) {
		t.Fatalf("the file has %v, not %v", got, want)
	}
}

// expectRefused wants Open to fail, and to leave the file as it is.
func expectRefused(t testing.TB, path string, inspector Inspector) error {
	t.Helper()
	before, err := os.ReadFile(path)
	must(t, err)
	f, err := Open(path, false, inspector)
	if err == nil {
		f.Close()
		t.Fatal("it was opened")
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the file has changed")
	}
	return err
}

func TestWhatWasWrittenIsThere(t *testing.T) {
	path, f := created(t)
	must(t, f.Update(put("b", "2")))
	tx, err := f.Begin()
	must(t, err)
	must(t, f.Update(put("b", "3")))
	if got := string(tx.Bucket(entries).Get([]byte("b"))); got != "2" {
		t.Errorf("a transaction from before sees %q", got)
	}
	must(t, tx.Rollback())
	must(t, f.Close())
	expectContents(t, path, contents{"a": "1", "b": "3"})
}

func TestOneProcessAtATime(t *testing.T) {
	path, f := created(t)
	for _, readOnly := range []bool{false, true} {
		_, err := Open(path, readOnly, contents{})
		expectError(t, ErrInUse, err)
		if !strings.Contains(err.Error(), path) {
			t.Errorf("%v does not name the file", err)
		}
	}
	must(t, f.Update(put("b", "2")))
	must(t, f.Close())
	opened(t, path)
}

// What another process writes to is not even verified: it might look damaged.
func TestAFileInUseIsNotLookedAt(t *testing.T) {
	path, f := created(t)
	must(t, f.Close())
	disk, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	defer disk.Close()
	must(t, Lock(disk, true))
	_, err = disk.WriteAt([]byte("half a meta"), pageHeader)
	must(t, err)
	_, err = Open(path, true, contents{})
	expectError(t, ErrInUse, err)
}

func TestSeveralMayRead(t *testing.T) {
	path, f := created(t)
	must(t, f.Close())
	var readers []*File
	for range 2 {
		reader, err := Open(path, true, contents{})
		must(t, err)
		readers = append(readers, reader)
		if err := reader.Update(put("b", "2")); err == nil {
			t.Error("who may only read has changed it")
		}
	}
	_, err := Open(path, false, contents{})
	expectError(t, ErrInUse, err)
	for _, reader := range readers {
		must(t, reader.Close())
	}
	expectContents(t, path, contents{"a": "1"})
}

func TestOpenMakesNoFile(t *testing.T) {
	path := newPath(t)
	_, err := Open(path, false, contents{})
	expectError(t, fs.ErrNotExist, err)
	_, err = os.Stat(path)
	expectError(t, fs.ErrNotExist, err)
}

func TestAFolderIsNotAFile(t *testing.T) {
	for _, readOnly := range []bool{false, true} {
		_, err := Open(t.TempDir(), readOnly, contents{})
		expectError(t, ErrNotFile, err)
	}
}

func TestFilesOfOthers(t *testing.T) {
	page := os.Getpagesize()
	for name, test := range map[string]struct {
		content string
		foreign bool
	}{
		"empty":         {"", false},
		"a letter":      {"x", true},
		"a text":        {strings.Repeat("Dear diary, ", 5000), true},
		"zeros":         {strings.Repeat("\x00", 8*page), true},
		"0xFF":          {strings.Repeat("\xff", 8*page), true},
		"a page of one": {strings.Repeat("\x00", page) + "x", true},
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			must(t, os.WriteFile(path, []byte(test.content), 0o600))
			err := expectRefused(t, path, contents{})
			expectDamage(t, err)
			if errors.Is(err, ErrForeign) != test.foreign {
				t.Error(err)
			}
		})
	}
}

// A file without a list of free pages, which bbolt would write at its opening:
// only the last word of the inspector lets bbolt do it.
func TestWhatAnInspectorRefusesStaysAsItIs(t *testing.T) {
	no := errors.New("no")
	for name, inspector := range map[string]Inspector{
		"a bucket": refusal{bucket: no},
		"an entry": refusal{entry: no},
		"the end":  refusal{end: no},
	} {
		t.Run(name, func(t *testing.T) {
			path := withoutList(t)
			err := expectRefused(t, path, inspector)
			expectDamage(t, err)
			expectError(t, no, err)
			opened(t, path) // it is not locked any more
		})
	}
}

// withoutList is a file that another user of bbolt has made, with free pages.
func withoutList(t *testing.T) (path string) {
	t.Helper()
	path = newPath(t)
	db, err := bolt.Open(path, 0o600, &bolt.Options{NoFreelistSync: true})
	must(t, err)
	must(t, db.Update(fillWith("a", "1")))
	for i := range 10 {
		must(t, db.Update(put(fmt.Sprint(i), strings.Repeat("v", 3000))))
	}
	must(t, db.Close())
	return path
}

func TestAFileWithoutAListOfFreePagesGetsOne(t *testing.T) {
	path := withoutList(t)
	f := opened(t, path)
	must(t, f.Update(put("b", "2")))
	must(t, f.Close())
	disk, err := os.Open(path)
	must(t, err)
	defer disk.Close()
	newest, err := (&pageReader{file: disk}).metas()
	must(t, err)
	if newest.freelist == noFreelist {
		t.Error("it still has none")
	}
	opened(t, path)
}
