package accounts

import (
	"bytes"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
	"golang.org/x/crypto/bcrypt"
)

var flips = flag.Int("flips", 300, "how many bits of each store to flip, one after another; 0: all")

// stores are the shapes that the file can have.
var stores = map[string]struct{ accounts, nameLength int }{
	"inside the root":           {3, 10},
	"leaves below a branch":     {100, 10},
	"leaves below two branches": {150, 200}, // long keys: a branch is soon full
}

// sample is a store, and what is known of it.
type sample struct {
	path     string // where its damaged copies are written
	content  []byte
	accounts []Account
	pages    []int // that are in use
}

// makeSample makes a store in which every page has been written over, so that
// older copies lie about.
func makeSample(t *testing.T, count, nameLength int) sample {
	t.Helper()
	path := filepath.Join(t.TempDir(), "accounts.db")
	s, _ := open(t, path)
	s.hashing.generate = func([]byte, int) ([]byte, error) { return nobody(bcrypt.MinCost), nil }
	for i := range count {
		name := fmt.Sprintf("User%d-", i*7919%1000)
		register(t, s, name+strings.Repeat("x", nameLength-len(name)))
	}
	s.hashing.compare = func(_, _ []byte) error { return nil }
	s.hashing.generate = func([]byte, int) ([]byte, error) { return nobody(bcrypt.MinCost + 1), nil }
	if count > 0 {
		key := "user0-" + strings.Repeat("x", nameLength-6)
		if err := s.ChangePassword(t.Context(), key, good, good); err != nil {
			t.Fatal(err)
		}
	}
	s.Close()
	accounts, err := Read(path)
	if err != nil || len(accounts) != count {
		t.Fatalf("%d accounts, %v", len(accounts), err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	pages, size := pagesInUse(t, path)
	return sample{
		path:     filepath.Join(t.TempDir(), "damaged.db"),
		content:  content[:size], // the rest is room to grow
		accounts: accounts,
		pages:    pages,
	}
}

// pagesInUse returns the numbers of the pages that are not free, and the size of
// all, in bytes.
func pagesInUse(t *testing.T, path string) (pages []int, size int64) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *bbolt.Tx) error {
		size = tx.Size()
		for id := range int(size) / os.Getpagesize() {
			page, err := tx.Page(id)
			if err != nil {
				return err
			}
			if page.Type != "free" {
				pages = append(pages, id)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages, size
}

// everyStore runs test on each shape.
func everyStore(t *testing.T, test func(t *testing.T, s sample)) {
	for name, store := range stores {
		t.Run(name, func(t *testing.T) { test(t, makeSample(t, store.accounts, store.nameLength)) })
	}
}

// mustBeRightOrRefused wants the sample with other content to be an error that
// says so, or to have all accounts as they were, and to take one more. It
// reports whether it was an error.
func (s sample) mustBeRightOrRefused(t *testing.T, content []byte, about string) (refused bool) {
	t.Helper()
	overwrite(t, s.path, content)
	damaged, err := Open(s.path, Options{Cost: bcrypt.MinCost})
	if err != nil {
		if text := err.Error(); !strings.Contains(text, s.path) || !strings.Contains(text, "; ") {
			t.Errorf("%s: %q does not name the file and what to do", about, text)
		}
		return true
	}
	damaged.hashing.generate = func([]byte, int) ([]byte, error) { return nobody(bcrypt.MinCost), nil }
	register(t, damaged, "zoe")
	damaged.Close()
	got, err := Read(s.path)
	if count := len(s.accounts); err != nil || len(got) != count+1 || !slices.Equal(got[:count], s.accounts) {
		t.Errorf("%s: %d accounts, not the %d as they were and one more, %v", about, len(got), count, err)
	}
	return false
}

// flip is mustBeRightOrRefused with one bit of the content flipped.
func (s sample) flip(t *testing.T, bit int) (refused bool) {
	t.Helper()
	s.content[bit/8] ^= 1 << (bit % 8)
	defer func() { s.content[bit/8] ^= 1 << (bit % 8) }()
	return s.mustBeRightOrRefused(t, s.content, fmt.Sprintf("bit %d of byte %d", bit%8, bit/8))
}

// overwrite is os.WriteFile without making the file empty first: that would be
// most of the work.
func overwrite(t *testing.T, path string, content []byte) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	_, err = file.Write(content)
	if err := errors.Join(err, file.Truncate(int64(len(content))), file.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestACutStoreIsRightOrRefused(t *testing.T) {
	everyStore(t, func(t *testing.T, s sample) {
		for length := 0; length < len(s.content); length += 2039 {
			refused := s.mustBeRightOrRefused(t, s.content[:length], fmt.Sprintf("cut at %d", length))
			if !refused {
				t.Errorf("cut at %d of %d: it was taken", length, len(s.content))
			}
		}
	})
}

func TestAFlippedBitIsRightOrRefused(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	bitsPerPage := os.Getpagesize() * 8
	everyStore(t, func(t *testing.T, s sample) {
		bits := len(s.pages) * bitsPerPage
		tries, refused := cmp.Or(*flips, bits), 0
		for i := range tries {
			if *flips != 0 {
				i = random.IntN(bits)
			}
			if s.flip(t, s.pages[i/bitsPerPage]*bitsPerPage+i%bitsPerPage) {
				refused++
			}
		}
		t.Logf("%d of %d refused, in %d pages", refused, tries, len(s.pages))
		if refused == 0 {
			t.Error("no flip was noticed")
		}
	})
}

// A store without accounts has nothing but their names to tell its buckets by.
func TestAFlippedBitInTheNameOfABucketIsRefused(t *testing.T) {
	s := makeSample(t, 0, 0)
	for _, name := range [][]byte{accountsBucket, aboutBucket} {
		begin := bytes.LastIndex(s.content, name)
		for bit := begin * 8; bit < (begin+len(name))*8; bit++ {
			if !s.flip(t, bit) {
				t.Errorf("%q: it was taken", name)
			}
		}
	}
}

func TestASectorOfZerosIsRightOrRefused(t *testing.T) {
	everyStore(t, func(t *testing.T, s sample) {
		const sector = 512
		for _, page := range s.pages {
			begin := int(page) * os.Getpagesize()
			for at := begin; at < begin+os.Getpagesize(); at += sector {
				damaged := slices.Clone(s.content)
				clear(damaged[at : at+sector])
				s.mustBeRightOrRefused(t, damaged, fmt.Sprintf("zeros at %d", at))
			}
		}
	})
}
