package boltfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// expectAlone wants nothing to be beside the file at path.
func expectAlone(t *testing.T, path string) {
	t.Helper()
	files, err := os.ReadDir(filepath.Dir(path))
	must(t, err)
	if len(files) != 1 || files[0].Name() != filepath.Base(path) {
		t.Errorf("there is %v", files)
	}
}

func TestANewFileIsForItsOwnerAlone(t *testing.T) {
	path, _ := created(t)
	info, err := os.Stat(path)
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v", info.Mode())
	}
}

func TestOfManyThatCreateItOneDoes(t *testing.T) {
	path := newPath(t)
	results := make([]error, 8)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { results[i] = Create(path, fillWith("a", fmt.Sprint(i))) })
	}
	all.Wait()
	winner := -1
	for i, err := range results {
		switch {
		case err == nil && winner < 0:
			winner = i
		case !errors.Is(err, fs.ErrExist):
			t.Errorf("%d: %v", i, err)
		}
	}
	expectContents(t, path, contents{"a": fmt.Sprint(winner)})
	expectAlone(t, path)
}

func TestWhatCannotBeFilledIsNotThere(t *testing.T) {
	path := newPath(t)
	no := errors.New("no")
	expectError(t, no, Create(path, func(*bolt.Tx) error { return no }))
	must(t, Create(path, fillWith("a", "1"))) // and is not in the way
	expectAlone(t, path)
}

// A rename would put the draft over what is there.
func TestWithoutLinksAFileIsMadeAllTheSame(t *testing.T) {
	for _, cause := range []error{syscall.EPERM, syscall.ENOTSUP} {
		link := func(from, to string) error { return &os.LinkError{Op: "link", Old: from, New: to, Err: cause} }
		path := newPath(t)
		draft := path + ".new"
		must(t, Create(draft, fillWith("a", "1")))
		must(t, publish(draft, path, link))
		must(t, Create(draft, fillWith("a", "2")))
		expectError(t, fs.ErrExist, publish(draft, path, link))
		expectContents(t, path, contents{"a": "1"})
	}
}

func TestADraftReplacesAFile(t *testing.T) {
	path, f := created(t)
	must(t, f.Close())
	name := path + ".new"
	must(t, os.WriteFile(name, []byte("what a crash has left"), 0o600))
	draft, err := NewDraft(name)
	must(t, err)
	must(t, draft.Update(fillWith("b", "2")))
	must(t, draft.Close())
	must(t, Replace(name, path))
	expectContents(t, path, contents{"b": "2"})
	expectAlone(t, path)
}
