package accounts

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// bbolt trusts its file: a page that names itself as its own child is followed
// for ever, and one that is cut off is a fault. inspect looks at the pages
// first. What it knows about their layout is in bbolt's internal/common.
//
// The file is a B+tree of pages. Page 0 and page 1 are the roots, written in
// turn, and the one with the higher number of the transaction is valid. All
// numbers are in the byte order of the machine that wrote them.
const (
	pageHeader   = 16 // its number u64, kind u16, count u16, overflow u32
	entryHeader  = 16 // of each of the count entries that follow
	bucketHeader = 16 // the page of its root u64 (0: here, behind it), sequence u64
	metaSize     = 64 // of what follows the header of pages 0 and 1

	branchPage = 1 // entries: position u32, size of key u32, page u64
	leafPage   = 2 // entries: flags u32, position u32, size of key u32, of value u32
	bucketFlag = 1 // in the flags: the value is a bucket

	metaMagic = 0xED0CDAED
)

// number reads what is written in b at a place.
var number = binary.NativeEndian

// meta is what pages 0 and 1 say.
type meta struct {
	pageSize, root, pages, transaction uint64
}

// readMeta reads a meta page that begins at offset.
func readMeta(file io.ReaderAt, offset int64) (meta, error) {
	b := make([]byte, metaSize)
	if _, err := file.ReadAt(b, offset+pageHeader); err != nil {
		return meta{}, err
	}
	// magic u32, version u32, page size u32, flags u32, root u64, sequence
	// u64, free pages u64, pages u64, transaction u64, checksum u64
	sum := fnv.New64a()
	sum.Write(b[:metaSize-8])
	if number.Uint32(b) != metaMagic || number.Uint64(b[metaSize-8:]) != sum.Sum64() {
		return meta{}, errors.New("its checksum is wrong")
	}
	return meta{
		pageSize:    uint64(number.Uint32(b[8:])),
		root:        number.Uint64(b[16:]),
		pages:       number.Uint64(b[40:]),
		transaction: number.Uint64(b[48:]),
	}, nil
}

// newestMeta returns the valid one of the two.
//
// Both must be sound, although bbolt makes do with one. It would go back by one
// transaction, and an account that its owner was told is safe would be gone
// without a word. No crash leaves one half-written: its 64 bytes lie in one
// sector, and a disk writes a sector whole.
func newestMeta(file io.ReaderAt) (meta, error) {
	zero, err := readMeta(file, 0)
	if err != nil {
		return meta{}, damaged("page 0: %w", err)
	}
	one, err := readMeta(file, int64(zero.pageSize))
	if err != nil {
		return meta{}, damaged("page 1: %w", err)
	}
	if one.transaction > zero.transaction {
		return one, nil
	}
	return zero, nil
}

// inspect returns an error that wraps errDamaged where bbolt could come to
// harm: the pages must be a tree, all there, each entry inside its page, and
// the keys in order. What the values say is not looked at.
//
// It returns the numbers of the pages that are in use, without 0 and 1.
func inspect(path string) (inUse map[uint64]bool, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	newest, err := newestMeta(file)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if pages := uint64(info.Size()) / newest.pageSize; pages < newest.pages {
		return nil, damaged("it has %d pages of %d", pages, newest.pages)
	}
	t := &tree{file: file, meta: newest, seen: make(map[uint64]bool)}
	return t.seen, t.page(newest.root, nil, nil)
}

// tree is one look at all pages.
type tree struct {
	file io.ReaderAt
	meta
	seen map[uint64]bool
}

// page inspects the page with this number, and those below it. Its first key
// must be from, and all must be less than to, where those are not nil. (To find
// a key, not less than from would do. But to change a page, bbolt looks for its
// first key in the page above.)
func (t *tree) page(id uint64, from, to []byte) error {
	if id < 2 || id >= t.pages {
		return damaged("there is no page %d", id)
	}
	header, offset := make([]byte, pageHeader), int64(id*t.pageSize)
	if _, err := t.file.ReadAt(header, offset); err != nil {
		return err
	}
	if number.Uint64(header) != id {
		return damaged("page %d says that it is another", id)
	}
	// A page that is larger than one goes on in the pages that follow.
	length := 1 + uint64(number.Uint32(header[12:]))
	if length > t.pages-id {
		return damaged("page %d does not end", id)
	}
	for i := id; i < id+length; i++ {
		if t.seen[i] {
			return damaged("page %d is in two places", i)
		}
		t.seen[i] = true
	}
	page := make([]byte, length*t.pageSize)
	if _, err := t.file.ReadAt(page, offset); err != nil {
		return err
	}
	if err := t.entries(page, from, to); err != nil {
		return fmt.Errorf("%w (page %d)", err, id)
	}
	return nil
}

// entries inspects the entries of a page, and what is below them.
func (t *tree) entries(page, from, to []byte) error {
	all, err := readEntries(page)
	if err != nil {
		return err
	}
	for i, e := range all {
		next := to
		if i+1 < len(all) {
			next = all[i+1].key
		}
		if i == 0 && from != nil && !bytes.Equal(e.key, from) {
			return damaged("its first key is not the one above")
		}
		if next != nil && bytes.Compare(e.key, next) >= 0 {
			return damaged("its keys are not in order")
		}
		switch {
		case e.branch:
			err = t.page(e.child, e.key, next)
		case e.bucket:
			err = t.bucket(e.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// bucket inspects the tree of a bucket, which is an entry's value.
func (t *tree) bucket(value []byte) error {
	if len(value) < bucketHeader {
		return damaged("a bucket is too short")
	}
	if root := number.Uint64(value); root != 0 {
		return t.page(root, nil, nil)
	}
	return t.entries(value[bucketHeader:], nil, nil)
}

// entry is one of a page's entries.
type entry struct {
	key    []byte
	branch bool   // it leads to the page
	child  uint64 // with this number, else it has
	value  []byte // a value, which is
	bucket bool   // a bucket
}

// readEntries reads the entries of a page, which must lie inside of it.
func readEntries(page []byte) ([]entry, error) {
	if len(page) < pageHeader {
		return nil, damaged("a page is too short")
	}
	kind, count := number.Uint16(page[8:]), int(number.Uint16(page[10:]))
	if len(page) < pageHeader+count*entryHeader {
		return nil, damaged("a page cannot have %d entries", count)
	}
	if kind != leafPage && (kind != branchPage || count == 0) {
		return nil, damaged("a page of kind %d cannot have %d entries", kind, count)
	}
	all := make([]entry, count)
	for i := range all {
		b := page[pageHeader+i*entryHeader:]
		var position, keySize, valueSize uint64
		if kind == branchPage {
			position, keySize = uint64(number.Uint32(b)), uint64(number.Uint32(b[4:]))
			all[i].branch, all[i].child = true, number.Uint64(b[8:])
		} else {
			all[i].bucket = number.Uint32(b)&bucketFlag != 0
			position, keySize = uint64(number.Uint32(b[4:])), uint64(number.Uint32(b[8:]))
			valueSize = uint64(number.Uint32(b[12:]))
		}
		if position+keySize+valueSize > uint64(len(b)) {
			return nil, damaged("an entry is outside of its page")
		}
		all[i].key = b[position:][:keySize]
		all[i].value = b[position+keySize:][:valueSize]
	}
	return all, nil
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %w", errDamaged, fmt.Errorf(format, args...))
}
