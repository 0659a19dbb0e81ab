package boltfile

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
)

// The header of a page: its number, 8 bytes; flags, 2; how many elements it has,
// 2; how many pages behind it belong to it, 4.
const (
	pageHeader   = 16
	pageElement  = 16
	bucketHeader = 16 // the root page of a bucket, and a counter; 8 bytes each

	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10

	bucketElement = 0x01 // a leaf's element whose value is a bucket

	noFreelist = ^uint64(0)
	// manyFree in place of the number of elements: the first is the number.
	manyFree = 0xFFFF

	minPageSize = 512
	maxPageSize = 1 << 16
)

var order = binary.NativeEndian

// A pageReader reads pages, and each only once.
type pageReader struct {
	file     *os.File
	pageSize int
	seen     []bool // by the number of the page
}

// page reads page id, which may have been reached only once.
func (r *pageReader) page(id uint64) ([]byte, error) {
	if err := r.see(id); err != nil {
		return nil, err
	}
	page := make([]byte, r.pageSize)
	if _, err := r.file.ReadAt(page, int64(id)*int64(r.pageSize)); err != nil {
		return nil, fmt.Errorf("page %d: %w", id, err)
	}
	if order.Uint64(page) != id {
		return nil, fmt.Errorf("page %d says that it is page %d", id, order.Uint64(page))
	}
	more := uint64(order.Uint32(page[12:]))
	if more == 0 {
		return page, nil
	}
	for n := range more {
		if err := r.see(id + 1 + n); err != nil {
			return nil, err
		}
	}
	long := make([]byte, (1+int(more))*r.pageSize)
	if _, err := r.file.ReadAt(long, int64(id)*int64(r.pageSize)); err != nil {
		return nil, fmt.Errorf("page %d: %w", id, err)
	}
	return long, nil
}

func (r *pageReader) see(id uint64) error {
	if id >= uint64(len(r.seen)) {
		return fmt.Errorf("page %d is beyond the end", id)
	}
	if r.seen[id] {
		return fmt.Errorf("page %d is used twice", id)
	}
	r.seen[id] = true
	return nil
}

// elementFunc gets an element of a leaf, and which page that is in.
type elementFunc func(page uint64, flags uint32, key, value []byte) error

// tree goes through the tree whose root is page id. Its first key must be first,
// and all must be less than end; nil: any will do. So a key is found where it is
// looked for. (For that the first key might also be more than first. But to change
// a page bbolt looks for its first key in the page above, and where that has
// another one, the page is there twice.)
func (r *pageReader) tree(id uint64, first, end []byte, each elementFunc) error {
	page, err := r.page(id)
	if err != nil {
		return err
	}
	switch flags := order.Uint16(page[8:]); flags {
	case leafPage:
		return leaf(page, id, first, end, each)
	case branchPage:
		return r.branch(page, id, first, end, each)
	default:
		return fmt.Errorf("page %d is of the unknown kind %#x", id, flags)
	}
}

// branch goes through the trees below a branch. An element: where its key is,
// counted from here, 4 bytes; how long the key is, 4; the page below it, 8.
func (r *pageReader) branch(page []byte, id uint64, first, end []byte, each elementFunc) error {
	count := int(order.Uint16(page[10:]))
	if count == 0 || pageHeader+count*pageElement > len(page) {
		return fmt.Errorf("page %d cannot have %d elements", id, count)
	}
	keys := make([][]byte, 0, count+1)
	var last []byte
	for i := range count {
		at := pageHeader + i*pageElement
		key, ok := span(page, at+int(order.Uint32(page[at:])), int(order.Uint32(page[at+4:])))
		if !ok || !inOrder(last, key, first, end) {
			return fmt.Errorf("page %d: element %d is out of order", id, i)
		}
		keys, last = append(keys, key), key
	}
	keys = append(keys, end)
	for i := range count {
		below := order.Uint64(page[pageHeader+i*pageElement+8:])
		if err := r.tree(below, keys[i], keys[i+1], each); err != nil {
			return err
		}
	}
	return nil
}

// leaf goes through the elements of a leaf, which is in page id, and is all of it
// or a small bucket. Each: flags, 4 bytes; where its key is, counted from here, 4;
// the lengths of the key and of the value behind it, 4 each.
func leaf(page []byte, id uint64, first, end []byte, each elementFunc) error {
	count := int(order.Uint16(page[10:]))
	if count == 0 && first != nil || pageHeader+count*pageElement > len(page) {
		return fmt.Errorf("page %d cannot have %d elements", id, count)
	}
	var last []byte
	for i := range count {
		at := pageHeader + i*pageElement
		element := page[at : at+pageElement]
		start, keySize, valueSize := at+int(order.Uint32(element[4:])), int(order.Uint32(element[8:])), int(order.Uint32(element[12:]))
		key, ok := span(page, start, keySize)
		value, valueOK := span(page, start+keySize, valueSize)
		if !ok || !valueOK || !inOrder(last, key, first, end) {
			return fmt.Errorf("page %d: element %d is out of order", id, i)
		}
		if err := each(id, order.Uint32(element), key, value); err != nil {
			return err
		}
		last = key
	}
	return nil
}

// span returns page[start:start+size], if it is there and behind the header.
func span(page []byte, start, size int) ([]byte, bool) {
	if start < pageHeader || size < 0 || start > len(page) || size > len(page)-start {
		return nil, false
	}
	return page[start : start+size], true
}

// inOrder tells whether key may stand behind last, or be the first one, where last
// is nil.
func inOrder(last, key, first, end []byte) bool {
	if end != nil && bytes.Compare(key, end) >= 0 {
		return false
	}
	if last == nil {
		return first == nil || bytes.Equal(key, first)
	}
	return bytes.Compare(last, key) < 0
}

// bucket goes through a bucket, which is an element of page id. A small one has no
// page of its own: its root is 0, and what would be its page stands behind that.
func (r *pageReader) bucket(id uint64, name string, value []byte, inspector Inspector) error {
	if len(value) < bucketHeader {
		return fmt.Errorf("page %d: bucket %q is cut off", id, name)
	}
	if err := inspector.Bucket(name); err != nil {
		return err
	}
	inBucket := func(page uint64, flags uint32, key, value []byte) error {
		if flags != 0 {
			return fmt.Errorf("page %d: the entry %q of bucket %q has the flags %#x", page, key, name, flags)
		}
		return inspector.Entry(name, key, value)
	}
	if root := order.Uint64(value); root != 0 {
		return r.tree(root, nil, nil, inBucket)
	}
	page := value[bucketHeader:]
	if len(page) < pageHeader || order.Uint16(page[8:]) != leafPage {
		return fmt.Errorf("page %d: bucket %q is cut off", id, name)
	}
	return leaf(page, id, nil, nil, inBucket)
}
