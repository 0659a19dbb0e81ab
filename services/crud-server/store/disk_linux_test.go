package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// smallDisk mounts a file system of size bytes and returns its folder.
func smallDisk(t *testing.T, size int) string {
	t.Helper()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, fmt.Sprint("size=", size)); err != nil {
		t.Skipf("a small disk takes the right to mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return folder
}

// expectStorageError wants err to be the disk's refusal, for that reason.
func expectStorageError(t *testing.T, reason, err error) {
	t.Helper()
	if storage := (*StorageError)(nil); !errors.As(err, &storage) {
		t.Fatalf("expected a StorageError, got %v", err)
	}
	expectError(t, reason, err)
}

// fill takes all the room on a disk. Removing the file gives it back.
func fill(t *testing.T, folder string) (file string) {
	t.Helper()
	file = filepath.Join(folder, "filler")
	f, err := os.Create(file)
	must(t, err)
	defer f.Close()
	for size := 1 << 20; size > 0; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			expectError(t, syscall.ENOSPC, err)
			size /= 2
		}
	}
	return file
}

// However often the disk fills up: what was acknowledged is there, what was
// refused is not, reads go on, and when there is room changes do too.
func TestAFullDisk(t *testing.T) {
	folder := smallDisk(t, 8<<20)
	path := filepath.Join(folder, "crud.db")
	s := openStore(t, path, small)
	value := strings.Repeat("v", 5000)
	want := map[string]bool{}
	for round := range 4 {
		filler := fill(t, folder)
		refused := 0
		for i := 0; refused < 20; i++ {
			key := fmt.Sprintf("key%d-%d", round, i)
			if err := s.Create(key, value); err == nil {
				want[key] = true
			} else {
				expectStorageError(t, syscall.ENOSPC, err)
				_, err := s.Read(key)
				expectError(t, ErrMissing, err)
				refused++
			}
		}
		if got := len(everything(t, s)); got != len(want) {
			t.Fatalf("%d records, want %d", got, len(want))
		}
		must(t, os.Remove(filler))
		key := fmt.Sprint("again", round)
		must(t, s.Create(key, value))
		want[key] = true
		if round == 1 {
			closeStore(t, s)
			s = openStore(t, path, small)
		}
	}
	closeStore(t, s)
	s = openStore(t, path, small)
	for _, r := range everything(t, s) {
		if !want[r.Key] || r.Value != value {
			t.Errorf("%s is there", r.Key)
		}
		delete(want, r.Key)
	}
	if len(want) > 0 {
		t.Errorf("these are gone: %v", want)
	}
}

// No room for home, but for the journal: changes are taken until two layers are
// full, then refused; when there is room both go on.
func TestHomeCannotBeWritten(t *testing.T) {
	folder := smallDisk(t, 1<<20)
	path := filepath.Join(t.TempDir(), "crud.db")
	s := openStore(t, path, usual)
	closeStore(t, s)
	// Only home is on the small disk.
	small := filepath.Join(folder, "crud.db")
	for i, journal := range journalPaths(path) {
		must(t, os.Symlink(journal, journalPaths(small)[i]))
	}
	content, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(small, content[:len(pageKinds(t, content))*os.Getpagesize()], 0o600))
	s = openStore(t, small, limit{changes: 50, bytes: 1 << 20})

	filler := fill(t, folder)
	value := strings.Repeat("v", 1000)
	created := 0
	for err = nil; err == nil; created++ {
		err = s.Create(fmt.Sprint("key", created), value)
	}
	created--
	expectStorageError(t, syscall.ENOSPC, err)
	if created < 100 || created > 250 {
		t.Errorf("refused after %d changes", created)
	}
	if got := len(everything(t, s)); got != created {
		t.Errorf("%d records, want %d", got, created)
	}
	must(t, os.Remove(filler))
	waitSettled(s)
	for i := range 200 {
		must(t, s.Create(fmt.Sprint("again", i), value))
	}
	closeStore(t, s)
	s = openStore(t, small, usual)
	if got := len(everything(t, s)); got != created+200 {
		t.Errorf("%d records, want %d", got, created+200)
	}
}

// A new store is not made by halves, and is made when there is room.
func TestNoRoomForANewStore(t *testing.T) {
	folder := smallDisk(t, 256<<10)
	path := filepath.Join(folder, "crud.db")
	filler := fill(t, folder)
	_, err := Open(path, quiet())
	expectError(t, syscall.ENOSPC, err)
	must(t, os.Remove(filler))
	s := openStore(t, path, usual)
	must(t, s.Create("k", "v"))
}

func TestAReadOnlyDisk(t *testing.T) {
	folder := smallDisk(t, 1<<20)
	path := filepath.Join(folder, "crud.db")
	s := openStore(t, path, usual)
	must(t, s.Create("k", "v"))
	closeStore(t, s)
	must(t, syscall.Mount("", folder, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	_, err := Open(path, quiet())
	expectError(t, syscall.EROFS, err)
	_, err = Open(filepath.Join(folder, "other.db"), quiet())
	expectError(t, syscall.EROFS, err)
	s, err = OpenToRead(path)
	must(t, err)
	expectRecord(t, s, Record{"k", 1, "v"})
	closeStore(t, s)
}
