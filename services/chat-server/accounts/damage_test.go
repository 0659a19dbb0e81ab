package accounts

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

var flips = flag.Int("flips", 1000, "how many bits of a store to flip, one after another; 0: all")

// makeStore makes a store with so many accounts, in which every page has been
// written over and older copies lie about. It returns the file's bytes, its
// accounts, and the numbers of the pages that are in use.
func makeStore(t *testing.T, count int) (content []byte, accounts []Account, pages []uint64) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "accounts.db")
	s, _ := open(t, path)
	s.hashing.generate = func([]byte, int) ([]byte, error) { return nobody(bcrypt.MinCost), nil }
	for i := range count {
		register(t, s, fmt.Sprintf("User%d", i*7919%1000))
	}
	s.hashing.compare = func(_, _ []byte) error { return nil }
	s.hashing.generate = func([]byte, int) ([]byte, error) { return nobody(bcrypt.MinCost + 1), nil }
	if err := s.ChangePassword(t.Context(), "user0", good, good); err != nil {
		t.Fatal(err)
	}
	s.Close()
	accounts, err := Read(path)
	if err != nil || len(accounts) != count {
		t.Fatalf("%d accounts, %v", len(accounts), err)
	}
	seen, err := inspect(path)
	if err != nil {
		t.Fatal(err)
	}
	content, err = os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content, accounts, append(slices.Sorted(maps.Keys(seen)), 0, 1)
}

// mustBeRightOrRefused writes content to path, and wants that store to be an
// error that says so, or to have all accounts as they were, and to take one
// more. It reports whether it was an error.
func mustBeRightOrRefused(t *testing.T, path string, content []byte, want []Account, about string) (refused bool) {
	t.Helper()
	overwrite(t, path, content)
	s, err := Open(path, Options{Cost: bcrypt.MinCost})
	if err != nil {
		if text := err.Error(); !strings.Contains(text, path) || !strings.Contains(text, "; ") {
			t.Errorf("%s: %q does not name the file and what to do", about, text)
		}
		return true
	}
	s.db.NoSync = true // it is not about a crash, and there are many
	s.hashing.generate = func([]byte, int) ([]byte, error) { return nobody(bcrypt.MinCost), nil }
	register(t, s, "zoe")
	s.Close()
	got, err := Read(path)
	if err != nil || len(got) != len(want)+1 || !slices.Equal(got[:len(want)], want) {
		t.Errorf("%s: %d accounts, not the %d as they were and one more, %v", about, len(got), len(want), err)
	}
	return false
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

// With 3 accounts both buckets lie inside the page of the root; with 100 there
// are several leaf pages below a branch page.
func TestACutStoreIsRightOrRefused(t *testing.T) {
	for _, count := range []int{3, 100} {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			content, accounts, pages := makeStore(t, count)
			path := filepath.Join(t.TempDir(), "damaged.db")
			inUse := (int(slices.Max(pages)) + 1) * os.Getpagesize()
			for length := 0; length < len(content); length += 509 {
				refused := mustBeRightOrRefused(t, path, content[:length], accounts, fmt.Sprintf("cut at %d", length))
				if length < inUse && !refused {
					t.Errorf("cut at %d: it was taken", length)
				}
			}
		})
	}
}

func TestAFlippedBitIsRightOrRefused(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for _, count := range []int{3, 100} {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			content, accounts, pages := makeStore(t, count)
			path := filepath.Join(t.TempDir(), "damaged.db")
			bitsPerPage := os.Getpagesize() * 8
			bits := len(pages) * bitsPerPage
			tries := *flips
			if tries == 0 {
				tries = bits
			}
			refused := 0
			for i := range tries {
				if *flips != 0 {
					i = random.IntN(bits)
				}
				at := int(pages[i/bitsPerPage])*bitsPerPage + i%bitsPerPage
				content[at/8] ^= 1 << (at % 8)
				if mustBeRightOrRefused(t, path, content, accounts, fmt.Sprintf("bit %d of byte %d", at%8, at/8)) {
					refused++
				}
				content[at/8] ^= 1 << (at % 8)
			}
			t.Logf("%d of %d refused, in %d pages", refused, tries, len(pages))
			if refused == 0 {
				t.Error("no flip was noticed")
			}
		})
	}
}

// Where structure is, every bit is flipped: the headers of the pages and of
// their first entries.
func TestAFlippedBitInAHeaderIsRightOrRefused(t *testing.T) {
	content, accounts, pages := makeStore(t, 100)
	path := filepath.Join(t.TempDir(), "damaged.db")
	for _, page := range pages {
		begin := int(page) * os.Getpagesize()
		size := pageHeader + 2*entryHeader
		if page < 2 {
			size = pageHeader + metaSize
		}
		for at := begin * 8; at < (begin+size)*8; at++ {
			content[at/8] ^= 1 << (at % 8)
			mustBeRightOrRefused(t, path, content, accounts, fmt.Sprintf("bit %d of byte %d", at%8, at/8))
			content[at/8] ^= 1 << (at % 8)
		}
	}
}

func TestASectorOfZerosIsRightOrRefused(t *testing.T) {
	content, accounts, pages := makeStore(t, 100)
	path := filepath.Join(t.TempDir(), "damaged.db")
	const sector = 512
	for _, page := range pages {
		begin := int(page) * os.Getpagesize()
		for at := begin; at < begin+os.Getpagesize(); at += sector {
			damaged := slices.Clone(content)
			clear(damaged[at : at+sector])
			mustBeRightOrRefused(t, path, damaged, accounts, fmt.Sprintf("zeros at %d", at))
		}
	}
}

// A page that leads to itself, or to a page above it, would be followed for
// ever.
func TestALoopOfPagesIsRefused(t *testing.T) {
	content, accounts, pages := makeStore(t, 100)
	path := filepath.Join(t.TempDir(), "damaged.db")
	loops := 0
	for _, page := range pages {
		header := content[int(page)*os.Getpagesize():]
		if number.Uint16(header[8:]) != branchPage {
			continue
		}
		child := header[pageHeader+8:]
		was := number.Uint64(child)
		number.PutUint64(child, page)
		if !mustBeRightOrRefused(t, path, content, accounts, fmt.Sprintf("page %d leads to itself", page)) {
			t.Error("it was taken")
		}
		number.PutUint64(child, was)
		loops++
	}
	if loops == 0 {
		t.Error("no branch page to try it on")
	}
}
