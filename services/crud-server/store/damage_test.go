package store

import (
	"bytes"
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

// copied is the files of a store that was killed: home, with free pages and
// branches, and both of the journal, one of which goes on where the other ends.
type copied struct {
	files   [3][]byte // home, journal-0, journal-1
	records []Record
}

// Where bbolt has a meta in each of its first two pages, in bytes.
const metaAt, metaSize = 16, 64

func paths(path string) [3]string {
	journal := journalPaths(path)
	return [3]string{path, journal[0], journal[1]}
}

// killedStore has long keys, so that home is a tree of three levels.
func killedStore(t testing.TB) copied {
	t.Helper()
	long := strings.Repeat("-", 90)
	path := newPath(t)
	s := openStore(t, path, limit{changes: 500, bytes: 1 << 20})
	var writers sync.WaitGroup
	for i := range 50 {
		writers.Go(func() {
			for n := range 40 {
				if err := s.Create(fmt.Sprintf("key%d%s", n*50+i, long), strings.Repeat("v", 60)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	must(t, s.Create("large", strings.Repeat("l", 20000))) // overflow pages
	for i := range 200 {
		must(t, s.Delete(fmt.Sprintf("key%d%s", i, long), 0))
	}
	waitSettled(s)
	// One more layer is on its way when the process dies: home is as it was.
	home, err := os.ReadFile(path)
	must(t, err)
	release := busy(t, s)
	var asked []*request
	for i := range 1000 {
		asked = append(asked, ask(s, request{key: fmt.Sprint("more", i), value: "v", decide: decideCreate}))
	}
	release()
	for _, r := range asked {
		<-r.done
	}
	for i := range 100 {
		must(t, s.Create(fmt.Sprint("last", i), strings.Repeat("v", 200)))
	}
	c := copied{records: everything(t, s)}
	for i, path := range paths(path) {
		c.files[i], err = os.ReadFile(path)
		must(t, err)
	}
	closeStore(t, s)
	// What is behind the last group, and the last page, is nobody's.
	for i, f := range s.journal.files {
		c.files[1+i] = c.files[1+i][:f.end]
	}
	c.files[0] = home[:len(pageKinds(t, home))*os.Getpagesize()]
	return c
}

// waitSettled waits until no layer is on its way.
func waitSettled(s *Store) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.settling != nil {
		s.settled.Wait()
	}
}

// pageKinds returns what bbolt says of each page of a file: "meta", "branch",
// "leaf", "freelist" or "free"; "" is for those that belong to the one before.
func pageKinds(t testing.TB, content []byte) (kinds []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "copy")
	must(t, os.WriteFile(path, content, 0o600))
	db, err := bolt.Open(path, 0o600, nil)
	must(t, err)
	defer db.Close()
	must(t, db.View(func(tx *bolt.Tx) error {
		kinds = make([]string, tx.Size()/int64(os.Getpagesize()))
		for id := 0; id < len(kinds); id++ {
			page, err := tx.Page(id)
			must(t, err)
			if kinds[id] = page.Type; page.Type != "free" {
				id += page.OverflowCount
			}
		}
		return nil
	}))
	return kinds
}

// tryOpen puts the files into a folder, those that are not nil, and opens the
// store there. It must be refused with a clear word, or have every record.
func (c copied) tryOpen(t *testing.T, files [3][]byte) (refused bool) {
	t.Helper()
	path := newPath(t)
	for i, path := range paths(path) {
		if files[i] != nil {
			must(t, os.WriteFile(path, files[i], 0o600))
		}
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
	for _, r := range c.records[:min(len(c.records), 20)] {
		expectRecord(t, s, r)
	}
	must(t, s.Create("new", "v"))
	return false
}

func TestAnUndamagedCopyOpens(t *testing.T) {
	c := killedStore(t)
	if c.tryOpen(t, c.files) {
		t.Error("refused")
	}
	branches := 0
	for _, kind := range pageKinds(t, c.files[0]) {
		if kind == "branch" {
			branches++
		}
	}
	if branches < 3 {
		t.Errorf("home has %d branches: that is no test of three levels", branches)
	}
	var heads [2]journalHead
	for i := range heads {
		var err error
		heads[i], err = readHead(bytes.NewReader(c.files[1+i]))
		must(t, err)
	}
	if heads[0].first == 0 || heads[1].first == 0 {
		t.Errorf("the journal is in one file: that is no test of two: %v", heads)
	}
}

func TestTruncatedFiles(t *testing.T) {
	c := killedStore(t)
	random := rand.New(rand.NewPCG(1, 2))
	for i, content := range c.files {
		sizes := []int{0, 1, 16, 80, 511, 512, 513, 4096, 4097, 8192, len(content) / 2, len(content) - 512, len(content) - 1}
		for range 30 {
			sizes = append(sizes, random.IntN(len(content)))
		}
		for _, size := range sizes {
			files := c.files
			files[i] = content[:size]
			if !c.tryOpen(t, files) {
				t.Errorf("with %d bytes of %d of file %d it was opened", size, len(content), i)
			}
		}
	}
}

func TestFilesOfOthers(t *testing.T) {
	c, stranger := killedStore(t), killedStore(t)
	other := newPath(t)
	db, err := bolt.Open(other, 0o600, nil)
	must(t, err)
	must(t, db.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte("theirs")); return err }))
	must(t, db.Close())
	theirs, err := os.ReadFile(other)
	must(t, err)
	text := []byte(strings.Repeat("Dear diary, ", 1000))
	mine := c.files
	for name, files := range map[string][3][]byte{
		"a text for home":            {text, mine[1], mine[2]},
		"a text for the journal":     {mine[0], mine[1], text},
		"zeros for home":             {make([]byte, 1<<16), mine[1], mine[2]},
		"another program's home":     {theirs, mine[1], mine[2]},
		"another store's home":       {stranger.files[0], mine[1], mine[2]},
		"another store's journal":    {mine[0], stranger.files[1], stranger.files[2]},
		"a file of another journal":  {mine[0], mine[1], stranger.files[2]},
		"no home":                    {nil, mine[1], mine[2]},
		"no journal":                 {mine[0], nil, nil},
		"the first file is missing":  {mine[0], nil, mine[2]},
		"the second file is missing": {mine[0], mine[1], nil},
		"a file twice":               {mine[0], mine[1], mine[1]},
		"the other file twice":       {mine[0], mine[2], mine[2]},
		"home for the journal":       {mine[0], mine[0], mine[0]},
		"the journal for home":       {mine[1], mine[1], mine[2]},
	} {
		t.Run(name, func(t *testing.T) {
			if !c.tryOpen(t, files) {
				t.Error("it was opened")
			}
		})
	}
}

// A bit is flipped at random places, and at each byte of what leads to the
// records: metas and heads, headers of pages and of groups, branches. A flip in
// free space does no harm, and everything must be there then.
func TestFlippedBits(t *testing.T) {
	c := killedStore(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	refused, opened := 0, 0
	for i, content := range c.files {
		var places []int
		for range 200 {
			places = append(places, random.IntN(len(content)))
		}
		if i == 0 {
			places = append(places, leadingBytes(t, content)...)
		} else {
			for at := range 100 {
				places = append(places, at, headSize+at)
			}
		}
		for _, at := range places {
			bit := byte(1) << random.IntN(8)
			content[at] ^= bit
			if c.tryOpen(t, c.files) {
				refused++
			} else {
				opened++
			}
			content[at] ^= bit
		}
	}
	t.Logf("%d flips were found, %d hit nothing", refused, opened)
	if refused < opened {
		t.Error("most flips hit nothing: that is no test")
	}
}

// Without the newer meta home would be as it was before, which after an import no
// journal knows.
func TestFlippedBitsInTheMetas(t *testing.T) {
	path := newPath(t)
	c := copied{records: manyRecords("k", 3*settleChanges)}
	_, err := Import(path, each(c.records, nil))
	must(t, err)
	for i, path := range paths(path) {
		c.files[i], err = os.ReadFile(path)
		must(t, err)
	}
	for at := range 2 * os.Getpagesize() {
		inMeta := at % os.Getpagesize()
		if inMeta < metaAt || inMeta >= metaAt+metaSize {
			continue // bbolt does not look at the rest
		}
		c.files[0][at] ^= 1 << (at % 8)
		if !c.tryOpen(t, c.files) {
			t.Errorf("with a flip of byte %d it was opened", at)
		}
		c.files[0][at] ^= 1 << (at % 8)
	}
}

// A store without records has nothing but their names to tell its buckets by.
func TestFlippedBitsInTheNamesOfBuckets(t *testing.T) {
	path := newPath(t)
	closeStore(t, openStore(t, path, usual))
	var c copied
	for i, path := range paths(path) {
		var err error
		c.files[i], err = os.ReadFile(path)
		must(t, err)
	}
	for _, name := range [][]byte{aboutBucket, recordsBucket} {
		begin := bytes.LastIndex(c.files[0], name)
		for bit := begin * 8; bit < (begin+len(name))*8; bit++ {
			c.files[0][bit/8] ^= 1 << (bit % 8)
			if !c.tryOpen(t, c.files) {
				t.Errorf("with a flip in %q it was opened", name)
			}
			c.files[0][bit/8] ^= 1 << (bit % 8)
		}
	}
}

func TestAHomeWithoutABucket(t *testing.T) {
	for _, name := range [][]byte{aboutBucket, recordsBucket} {
		path := newPath(t)
		closeStore(t, openStore(t, path, usual))
		db, err := bolt.Open(path, 0o600, nil)
		must(t, err)
		must(t, db.Update(func(tx *bolt.Tx) error { return tx.DeleteBucket(name) }))
		must(t, db.Close())
		_, err = Open(path, quiet())
		if damage := (*DamageError)(nil); !errors.As(err, &damage) {
			t.Errorf("without %q: %v", name, err)
		}
	}
}

// leadingBytes lists where the bytes of home are that lead to others.
func leadingBytes(t *testing.T, content []byte) (places []int) {
	t.Helper()
	pageSize, leaves := os.Getpagesize(), 0
	for i := range metaAt + metaSize {
		places = append(places, i, pageSize+i)
	}
	for id, kind := range pageKinds(t, content) {
		lead := 0
		switch {
		case kind == "branch":
			lead = 200
		case kind == "freelist":
			lead = 50
		case kind == "leaf" && leaves < 10:
			lead = 32 // the header, and that of an element
			leaves++
		}
		for i := range lead {
			places = append(places, id*pageSize+i)
		}
	}
	return places
}
