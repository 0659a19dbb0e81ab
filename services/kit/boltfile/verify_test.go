package boltfile

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	bolt "go.etcd.io/bbolt"
)

// exactly is an Inspector that wants a file to have these entries.
type exactly struct {
	want contents
	got  int
}

func (e *exactly) Bucket(name string) error {
	if name != string(entries) {
		return errors.New("another bucket")
	}
	return nil
}

func (e *exactly) Entry(_ string, key, value []byte) error {
	e.got++
	if want, ok := e.want[string(key)]; !ok || want != string(value) {
		return fmt.Errorf("another entry %q", key)
	}
	return nil
}

func (e *exactly) End() error {
	if e.got != len(e.want) {
		return fmt.Errorf("%d entries", e.got)
	}
	return nil
}

// A sample is a file with free pages, and what is in it.
type sample struct {
	path    string // where its damaged copies are
	content []byte
	want    contents
	pages   []int // those in use
}

// newSample makes many changes, among them deletions and large values.
func newSample(t testing.TB, keys, keySize int, random *rand.Rand) sample {
	t.Helper()
	s := sample{path: newPath(t), want: contents{}}
	name := newPath(t)
	draft, err := NewDraft(name)
	must(t, err)
	must(t, draft.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucket(entries); return err }))
	for range 10 {
		must(t, draft.Update(func(tx *bolt.Tx) error {
			for range keys {
				if err := s.change(tx.Bucket(entries), keys, keySize, random); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	var size int64
	must(t, draft.View(func(tx *bolt.Tx) error {
		size = tx.Size()
		s.pages = pagesInUse(tx)
		return nil
	}))
	must(t, draft.Close())
	content, err := os.ReadFile(name)
	must(t, err)
	s.content = content[:size] // the rest is room to grow
	return s
}

// change puts or deletes one of the keys, at random.
func (s sample) change(bucket *bolt.Bucket, keys, keySize int, random *rand.Rand) error {
	key := fmt.Sprintf("%0*d", keySize, random.IntN(keys))
	if random.IntN(3) == 0 {
		delete(s.want, key)
		return bucket.Delete([]byte(key))
	}
	size := random.IntN(50)
	if random.IntN(100) == 0 {
		size = random.IntN(20000) // more than a page
	}
	s.want[key] = strings.Repeat(string(rune('a'+random.IntN(26))), size)
	return bucket.Put([]byte(key), []byte(s.want[key]))
}

// pagesInUse returns the pages that bbolt says are not free.
func pagesInUse(tx *bolt.Tx) (pages []int) {
	for id := range int(tx.Size()) / os.Getpagesize() {
		if page, err := tx.Page(id); err == nil && page.Type != "free" {
			pages = append(pages, id)
		}
	}
	return pages
}

// everySample runs test on each shape that a file can have.
func everySample(t *testing.T, test func(t *testing.T, s sample, random *rand.Rand)) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for name, shape := range map[string]struct{ keys, keySize int }{
		"nothing":               {0, 0},
		"all in the root":       {3, 10},
		"leaves below a branch": {300, 10},
		"three levels":          {600, 400},
	} {
		t.Run(name, func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed, 0))
			test(t, newSample(t, shape.keys, shape.keySize, random), random)
		})
	}
}

// try writes content as the file, and wants it to be refused, or to have all
// entries as they were and to take one more.
func (s sample) try(t testing.TB, content []byte, about string) (refused bool) {
	t.Helper()
	overwrite(t, s.path, content)
	f, err := Open(s.path, false, &exactly{want: s.want})
	if err != nil {
		expectDamage(t, err)
		return true
	}
	err = f.Update(put("~ one more", "v"))
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatalf("%s: it was taken, and then %v", about, err)
	}
	want := maps.Clone(s.want)
	want["~ one more"] = "v"
	f, err = Open(s.path, true, &exactly{want: want})
	if err != nil {
		t.Fatalf("%s: it was taken, and now %v", about, err)
	}
	must(t, f.Close())
	return false
}

// overwrite is os.WriteFile without making the file empty first, which would be
// most of the work.
func overwrite(t testing.TB, path string, content []byte) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	must(t, err)
	_, err = file.Write(content)
	must(t, errors.Join(err, file.Truncate(int64(len(content))), file.Close()))
}

// flip is try with one bit of the content flipped.
func (s sample) flip(t testing.TB, bit int) (refused bool) {
	t.Helper()
	s.content[bit/8] ^= 1 << (bit % 8)
	defer func() { s.content[bit/8] ^= 1 << (bit % 8) }()
	return s.try(t, s.content, fmt.Sprintf("bit %d of byte %d", bit%8, bit/8))
}

// kindOf returns the flags of a page of the sample, and where it begins.
func (s sample) kindOf(page int) (kind uint16, begin int) {
	begin = page * os.Getpagesize()
	return order.Uint16(s.content[begin+8:]), begin
}

// pagesOf returns the pages of a kind.
func (s sample) pagesOf(kind uint16) (pages []int) {
	for _, page := range s.pages {
		if is, _ := s.kindOf(page); page > 1 && is == kind {
			pages = append(pages, page)
		}
	}
	return pages
}

// What bbolt writes is taken, through many changes of many shapes.
func TestAnUndamagedFileIsTaken(t *testing.T) {
	everySample(t, func(t *testing.T, s sample, random *rand.Rand) {
		for range 5 {
			if s.try(t, s.content, "undamaged") {
				t.Error("it was refused")
			}
			s = newSample(t, max(1, len(s.want)), 50, random)
		}
	})
}

func TestACutFileIsRefused(t *testing.T) {
	everySample(t, func(t *testing.T, s sample, random *rand.Rand) {
		sizes := []int{0, 1, 16, 80, 511, 512, 4096, 4097, 8192, len(s.content) - 512, len(s.content) - 1}
		for range 30 {
			sizes = append(sizes, random.IntN(len(s.content)))
		}
		for _, size := range sizes {
			if !s.try(t, s.content[:size], "cut") {
				t.Errorf("with %d bytes of %d it was taken", size, len(s.content))
			}
		}
	})
}

func TestAFlippedBitIsRightOrRefused(t *testing.T) {
	everySample(t, func(t *testing.T, s sample, random *rand.Rand) {
		const flips = 300
		refused, pageBits := 0, os.Getpagesize()*8
		for range flips {
			page := s.pages[random.IntN(len(s.pages))]
			bit := random.IntN(pageBits)
			if random.IntN(2) == 0 {
				bit %= pageBits / 8 // where most is in a page that is not full
			}
			if s.flip(t, page*pageBits+bit) {
				refused++
			}
		}
		t.Logf("%d of %d refused, in %d pages", refused, flips, len(s.pages))
		if refused == 0 {
			t.Error("no flip was noticed")
		}
	})
}

// Where bbolt looks first, every bit is flipped: the headers of the pages and of
// their first elements, some of each branch and of the list of free pages.
func TestAFlippedBitInAHeaderIsRightOrRefused(t *testing.T) {
	s := newSample(t, 300, 10, rand.New(rand.NewPCG(1, 2)))
	for _, page := range s.pages {
		size := pageHeader + 2*pageElement
		kind, begin := s.kindOf(page)
		if kind == branchPage || kind == freelistPage {
			size = 64
		}
		for bit := begin * 8; bit < (begin+size)*8; bit++ {
			s.flip(t, bit)
		}
	}
}

// Without the newer meta the file would be as it was before the last change.
func TestAFlippedBitInAMetaIsRefused(t *testing.T) {
	s := newSample(t, 3, 10, rand.New(rand.NewPCG(1, 2)))
	for page := range 2 {
		begin := page*os.Getpagesize() + pageHeader
		for bit := begin * 8; bit < (begin+metaSize)*8; bit++ {
			if !s.flip(t, bit) {
				t.Errorf("page %d, bit %d: it was taken", page, bit)
			}
		}
	}
}

func TestASectorOfZerosIsRightOrRefused(t *testing.T) {
	everySample(t, func(t *testing.T, s sample, _ *rand.Rand) {
		const sector = 512
		for _, page := range s.pages[:min(len(s.pages), 20)] {
			_, begin := s.kindOf(page)
			for at := begin; at < begin+os.Getpagesize(); at += sector {
				old := strings.Clone(string(s.content[at : at+sector]))
				clear(s.content[at : at+sector])
				s.try(t, s.content, fmt.Sprintf("zeros at %d", at))
				copy(s.content[at:], old)
			}
		}
	})
}

// A page that leads to itself would be followed for ever; one that is there twice
// would be changed twice.
func TestAPageInTwoPlacesIsRefused(t *testing.T) {
	everySample(t, func(t *testing.T, s sample, _ *rand.Rand) {
		for _, page := range s.pagesOf(branchPage) {
			_, begin := s.kindOf(page)
			child := s.content[begin+pageHeader+8:]
			was := order.Uint64(child)
			for _, leadsTo := range []uint64{uint64(page), order.Uint64(child[pageElement:]), 0, 1} {
				order.PutUint64(child, leadsTo)
				if !s.try(t, s.content, "a loop") {
					t.Errorf("page %d leads to %d: it was taken", page, leadsTo)
				}
			}
			order.PutUint64(child, was)
		}
	})
}

// A key in a branch that is a little less than the first below it is good enough
// to find things, but not to change them.
func TestABranchWithAnotherFirstKeyIsRefused(t *testing.T) {
	s := newSample(t, 300, 10, rand.New(rand.NewPCG(1, 2)))
	branches := s.pagesOf(branchPage)
	if len(branches) == 0 {
		t.Fatal("no branch: that is no test")
	}
	_, begin := s.kindOf(branches[0])
	element := s.content[begin+pageHeader+pageElement:] // the second one
	key := element[order.Uint32(element):][:order.Uint32(element[4:])]
	key[len(key)-1]--
	if !s.try(t, s.content, "another key") {
		t.Error("it was taken")
	}
}

// A key that is in the wrong leaf would be found by who goes through all, and not
// by who looks for it.
func TestAKeyInTheWrongLeafIsRefused(t *testing.T) {
	s := newSample(t, 300, 10, rand.New(rand.NewPCG(1, 2)))
	_, begin := s.kindOf(s.pagesOf(branchPage)[0])
	_, begin = s.kindOf(int(order.Uint64(s.content[begin+pageHeader+8:]))) // the first leaf
	last := pageHeader + (int(order.Uint16(s.content[begin+10:]))-1)*pageElement
	element := s.content[begin+last:]
	element[order.Uint32(element[4:])] = '9'
	overwrite(t, s.path, s.content)
	expectDamage(t, expectRefused(t, s.path, contents{})) // whatever the key is
}

// A page in use that is in the list of free pages would be written over; one that
// is in neither would be lost.
func TestAWrongListOfFreePagesIsRefused(t *testing.T) {
	s := newSample(t, 300, 10, rand.New(rand.NewPCG(1, 2)))
	_, begin := s.kindOf(s.pagesOf(freelistPage)[0])
	count, list := s.content[begin+10:], s.content[begin+pageHeader:]
	if order.Uint16(count) < 2 {
		t.Fatal("no free pages: that is no test")
	}
	was := order.Uint64(list)
	for _, id := range []uint64{uint64(s.pagesOf(leafPage)[0]), order.Uint64(list[8:]), 0, 1 << 40} {
		order.PutUint64(list, id)
		if !s.try(t, s.content, "a wrong page") {
			t.Errorf("page %d is in the list: it was taken", id)
		}
	}
	order.PutUint64(list, was)
	order.PutUint16(count, order.Uint16(count)-1)
	if !s.try(t, s.content, "a page less") {
		t.Error("a page is missing in the list: it was taken")
	}
}

// Whatever is in a file: it is refused, or good enough for bbolt to go through it.
func FuzzVerify(f *testing.F) {
	s := newSample(f, 300, 10, rand.New(rand.NewPCG(1, 2)))
	f.Add(0, []byte("x"))
	f.Add(pageHeader, []byte{0xED, 0xDA, 0x0C, 0xED})
	for _, page := range s.pages {
		f.Add(page*os.Getpagesize()+pageHeader, []byte{1, 0, 0, 0})
	}
	f.Fuzz(func(t *testing.T, at int, content []byte) {
		damaged := append([]byte(nil), s.content...)
		if at >= 0 && at < len(damaged) {
			copy(damaged[at:], content)
		} else {
			damaged = content
		}
		path := newPath(t)
		must(t, os.WriteFile(path, damaged, 0o600))
		file, err := Open(path, true, contents{})
		if err != nil {
			expectDamage(t, err)
			return
		}
		defer file.Close()
		must(t, file.View(func(tx *bolt.Tx) error {
			return tx.ForEach(func(_ []byte, bucket *bolt.Bucket) error {
				return bucket.ForEach(func(_, _ []byte) error { return nil })
			})
		}))
	})
}
