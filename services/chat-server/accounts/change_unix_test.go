//go:build unix

package accounts

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestStorageErrorsSayWhatToDo(t *testing.T) {
	for cause, says := range map[error]string{
		syscall.ENOSPC:         "the disk is full",
		syscall.EDQUOT:         "the disk is full",
		syscall.EROFS:          "read-only",
		syscall.EIO:            "the disk fails",
		errors.New("oh, that"): "could not be saved",
	} {
		err := storageError(&fs.PathError{Op: "write", Path: "accounts.db", Err: cause})
		if !errors.Is(err, cause) || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), cause.Error()) {
			t.Errorf("%v: %q", cause, err)
		}
	}
}

// limitFileSize lets this process write no file beyond size, in bytes, until
// the function that it returns is called.
func limitFileSize(t *testing.T, size int64) (lift func()) {
	t.Helper()
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ) // else it ends the process; setrlimit(2)
	limit := was
	limit.Cur = uint64(size)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	lift = func() {
		syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was)
		signal.Reset(syscall.SIGXFSZ)
	}
	t.Cleanup(lift)
	return lift
}

// A write that fails is an error, nothing of it remains, and when there is room
// again it works again.
func TestADiskWithoutRoom(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.db")
	s, _ := open(t, path)
	s.hashing.generate = func([]byte, int) ([]byte, error) { return []byte(aliceHash), nil }
	lift := limitFileSize(t, 64<<10)

	var failed *StorageError
	saved := 0
	for ; failed == nil; saved++ {
		err := s.Register(t.Context(), fmt.Sprint(saved), fmt.Sprint(saved), good)
		if err != nil && !errors.As(err, &failed) {
			t.Fatal(err)
		}
		if saved > 10000 {
			t.Fatal("the file does not grow")
		}
	}
	saved-- // the last one was not
	// A change that needs a page less would find one that is free. From here
	// on there is room for the first two pages alone, which are always written.
	limitFileSize(t, int64(2*os.Getpagesize()))
	for range 3 {
		if err := s.Register(t.Context(), "again", "again", good); !errors.As(err, &failed) {
			t.Errorf("again: %v", err)
		}
	}
	if s.Registered("again") || s.Registered(fmt.Sprint(saved)) {
		t.Error("registered, although it could not be saved")
	}
	lift()
	register(t, s, "Alice")
	s.Close()
	all, err := Read(path)
	if err != nil || len(all) != saved+1 {
		t.Errorf("%d accounts are kept, %d were saved; %v", len(all), saved+1, err)
	}
}

func TestAfterCloseNothingIsSaved(t *testing.T) {
	s, _ := openNew(t)
	s.Close()
	err := s.Register(t.Context(), "alice", "Alice", good)
	var failed *StorageError
	const says = "the server is shutting down, so nothing was saved (database not open)"
	if !errors.As(err, &failed) || err.Error() != says || s.Registered("alice") {
		t.Errorf("%v, registered: %v", err, s.Registered("alice"))
	}
}
