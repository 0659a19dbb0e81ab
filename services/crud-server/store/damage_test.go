package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// copied is the two files of a store that was killed: some records are in home,
// some in the journal, and both have free pages and branches.
type copied struct {
	home, journal []byte
	records       []Record
}

func killedStore(t testing.TB) copied {
	t.Helper()
	path := newPath(t)
	s := openStore(t, path, limit{changes: 500, bytes: 1 << 20})
	var writers sync.WaitGroup
	for i := range 50 {
		writers.Go(func() {
			for n := range 40 {
				if err := s.Create(fmt.Sprintf("key%d", n*50+i), strings.Repeat("v", 60)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	must(t, s.Create("large", strings.Repeat("l", 20000))) // overflow pages
	for i := range 200 {
		must(t, s.Delete(fmt.Sprintf("key%d", i), 0))
	}
	// Settled or not is a matter of luck: half of it must be.
	s.mu.Lock()
	for s.settling != nil {
		s.settled.Wait()
	}
	s.mu.Unlock()
	c := copied{records: everything(t, s)}
	var err error
	c.home, err = os.ReadFile(path)
	must(t, err)
	c.journal, err = os.ReadFile(journalPath(path))
	must(t, err)
	closeStore(t, s)
	// What is behind the last page is nobody's.
	c.home, c.journal = c.home[:used(t, c.home)], c.journal[:used(t, c.journal)]
	return c
}

// used returns how many bytes of a file have a meaning.
func used(t testing.TB, content []byte) int { return len(livePages(t, content)) * os.Getpagesize() }

// livePages tells of each page of a file whether it is in use, rather than free.
func livePages(t testing.TB, content []byte) []bool {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy")
	must(t, os.WriteFile(path, content, 0o600))
	f, err := os.Open(path)
	must(t, err)
	defer f.Close()
	r := pageReader{file: f}
	newest, err := r.metas()
	must(t, err)
	r.seen = make([]bool, newest.pages)
	must(t, r.tree(newest.root, nil, nil, func(_ uint32, name, value []byte) error {
		return r.bucket(string(name), value, func(string, []byte, []byte) error { return nil })
	}))
	_, err = r.page(newest.freelist)
	must(t, err)
	return r.seen
}

// tryOpen puts the two files into a folder and opens the store there. It must
// be refused with a clear word, or have every record.
func (c copied) tryOpen(t *testing.T, home, journal []byte) (refused bool) {
	t.Helper()
	path := newPath(t)
	if home != nil {
		must(t, os.WriteFile(path, home, 0o600))
	}
	if journal != nil {
		must(t, os.WriteFile(journalPath(path), journal, 0o600))
	}
	s, err := Open(path, quiet())
	if err != nil {
		if damage := (*DamageError)(nil); !errors.As(err, &damage) {
			t.Fatalf("refused with %v", err)
		}
		return true
	}
	defer closeStore(t, s)
	if got := everything(t, s); !slices.Equal(got, c.records) {
		t.Fatalf("it was opened, and has %d records of %d, or others", len(got), len(c.records))
	}
	for _, r := range c.records[:20] {
		expectRecord(t, s, r)
	}
	must(t, s.Create("new", "v"))
	return false
}

func TestAnUndamagedCopyOpens(t *testing.T) {
	c := killedStore(t)
	if c.tryOpen(t, c.home, c.journal) {
		t.Error("refused")
	}
	s := used(t, c.home) / os.Getpagesize()
	if s < 40 {
		t.Errorf("home has %d pages: that is no test of branches", s)
	}
}

func TestTruncatedFiles(t *testing.T) {
	c := killedStore(t)
	random := rand.New(rand.NewPCG(1, 2))
	cut := func(content []byte) []int {
		sizes := []int{0, 1, 16, 80, 4095, 4096, 4097, 8192, 16384, len(content) / 2, len(content) - 4096, len(content) - 1}
		for range 30 {
			sizes = append(sizes, random.IntN(len(content)))
		}
		return sizes
	}
	for _, size := range cut(c.home) {
		if !c.tryOpen(t, c.home[:size], c.journal) {
			t.Errorf("home of %d bytes instead of %d was opened", size, len(c.home))
		}
	}
	for _, size := range cut(c.journal) {
		if !c.tryOpen(t, c.home, c.journal[:size]) {
			t.Errorf("a journal of %d bytes instead of %d was opened", size, len(c.journal))
		}
	}
}

func TestFilesOfOthers(t *testing.T) {
	c := killedStore(t)
	other := newPath(t)
	db, err := bolt.Open(other, 0o600, nil)
	must(t, err)
	must(t, db.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("theirs")); return err }))
	must(t, db.Close())
	theirs, err := os.ReadFile(other)
	must(t, err)
	stranger := killedStore(t)
	for name, files := range map[string][2][]byte{
		"a text for home":           {[]byte(strings.Repeat("Dear diary, ", 1000)), c.journal},
		"a text for the journal":    {c.home, []byte(strings.Repeat("Dear diary, ", 1000))},
		"zeros for home":            {make([]byte, 1<<16), c.journal},
		"another program's home":    {theirs, c.journal},
		"another program's journal": {c.home, theirs},
		"no home":                   {nil, c.journal},
		"no journal":                {c.home, nil},
		"home for a journal":        {c.home, c.home},
		"a journal for home":        {c.journal, c.journal},
		"another store's journal":   {c.home, stranger.journal},
	} {
		t.Run(name, func(t *testing.T) {
			if !c.tryOpen(t, files[0], files[1]) {
				t.Error("it was opened")
			}
		})
	}
}

// A bit is flipped at random places, and at each byte of what leads to the
// records: metas, headers, branches. A flip in free space does no harm, and
// everything must be there then.
func TestFlippedBits(t *testing.T) {
	c := killedStore(t)
	pageSize := os.Getpagesize()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	places := func(content []byte, leaves int) []int {
		var all []int
		for range 200 {
			all = append(all, random.IntN(len(content)))
		}
		for i := range pageHeader + metaSize {
			all = append(all, i, pageSize+i)
		}
		for id, live := range livePages(t, content) {
			if !live {
				continue
			}
			lead := 0
			switch kind := order.Uint16(content[id*pageSize+8:]); {
			case kind == branchPage:
				lead = 200
			case kind == freelistPage:
				lead = 50
			case kind == leafPage && leaves > 0:
				lead = pageHeader + pageElement
				leaves--
			}
			for i := range lead {
				all = append(all, id*pageSize+i)
			}
		}
		return all
	}
	refused, opened := 0, 0
	flip := func(content []byte, at int, open func() bool) {
		bit := byte(1) << random.IntN(8)
		content[at] ^= bit
		if open() {
			refused++
		} else {
			opened++
		}
		content[at] ^= bit
	}
	for _, at := range places(c.home, 10) {
		flip(c.home, at, func() bool { return c.tryOpen(t, c.home, c.journal) })
	}
	for _, at := range places(c.journal, 10) {
		flip(c.journal, at, func() bool { return c.tryOpen(t, c.home, c.journal) })
	}
	t.Logf("%d flips were found, %d hit nothing", refused, opened)
	if refused < opened {
		t.Error("most flips hit nothing: that is no test")
	}
}
