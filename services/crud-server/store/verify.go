package store

import (
	"fmt"
	"hash/fnv"
	"os"
)

// verify goes through a whole file of bbolt's, as it lies on the disk, before
// bbolt does. bbolt maps the file into memory and trusts it: a flipped bit there
// is a wrong answer, a panic in a goroutine nobody can guard, or a fault.
//
// The format is that of bbolt's internal/common: pages, each with a header and
// an array of elements; two pages at the start, the metas, that say where the
// rest begins, of which the newer one holds.

// A meta is what verify needs of one: 64 bytes behind the header of page 0 or 1.
type meta struct {
	root, freelist uint64
	pages          uint64 // how many pages are in use or free
	txid           uint64
}

const (
	metaSize    = 64
	metaMagic   = 0xED0CDAED
	metaVersion = 2
)

// An entry of the file: bucket/key = value. The slices are valid during the call.
type entryFunc func(bucket string, key, value []byte) error

// verify calls each for every entry of file, sorted by bucket and key. It
// returns an error if anything there is not as bbolt leaves it, or if each does.
func verify(file *os.File, each entryFunc) error {
	r := pageReader{file: file}
	newest, err := r.metas()
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	// Compared by dividing: the product may be too large for 64 bits.
	if have := uint64(info.Size()) / uint64(r.pageSize); have < newest.pages {
		return fmt.Errorf("it is too short, %d of its %d pages are there", have, newest.pages)
	}
	r.seen = make([]bool, newest.pages)
	r.seen[0], r.seen[1] = true, true
	err = r.tree(newest.root, nil, nil, func(flags uint32, name, value []byte) error {
		if flags != bucketElement {
			return fmt.Errorf("an entry %q is in no bucket", name)
		}
		return r.bucket(string(name), value, each)
	})
	if err != nil {
		return err
	}
	return r.free(newest.freelist)
}

// metas returns the newer one. Both must be whole: without the newer one the
// older one would do, and the last change would silently be gone. (bbolt
// writes 64 bytes of one sector, which a disk does as a whole or not at all.)
func (r *pageReader) metas() (newest meta, err error) {
	head := make([]byte, pageHeader+metaSize)
	if _, err := r.file.ReadAt(head, 0); err != nil {
		return meta{}, fmt.Errorf("its first page cannot be read: %w", err)
	}
	r.pageSize = int(order.Uint32(head[pageHeader+8:]))
	if r.pageSize < 512 || r.pageSize > maxPageSize || r.pageSize&(r.pageSize-1) != 0 {
		return meta{}, fmt.Errorf("its first page is not that of a store")
	}
	for id := range int64(2) {
		if _, err := r.file.ReadAt(head, id*int64(r.pageSize)); err != nil {
			return meta{}, fmt.Errorf("page %d cannot be read: %w", id, err)
		}
		m, err := readMeta(head[pageHeader:])
		if err != nil {
			return meta{}, fmt.Errorf("page %d: %w", id, err)
		}
		if id == 0 || m.txid > newest.txid {
			newest = m
		}
	}
	if newest.pages < 3 {
		return meta{}, fmt.Errorf("it claims to have %d pages", newest.pages)
	}
	return newest, nil
}

func readMeta(b []byte) (meta, error) {
	sum := fnv.New64a()
	sum.Write(b[:metaSize-8])
	switch {
	case order.Uint32(b) != metaMagic || order.Uint32(b[4:]) != metaVersion:
		return meta{}, fmt.Errorf("it does not begin as it should")
	case order.Uint64(b[metaSize-8:]) != sum.Sum64():
		return meta{}, fmt.Errorf("its checksum is wrong")
	}
	return meta{
		root:     order.Uint64(b[16:]),
		freelist: order.Uint64(b[32:]),
		pages:    order.Uint64(b[40:]),
		txid:     order.Uint64(b[48:]),
	}, nil
}

// free reads the list of the free pages. They and those seen until now must be
// all there are: a page that is in use and in the list would be written over.
func (r *pageReader) free(id uint64) error {
	if id == noFreelist {
		return fmt.Errorf("it has no list of free pages")
	}
	page, err := r.page(id)
	if err != nil {
		return err
	}
	if flags := order.Uint16(page[8:]); flags != freelistPage {
		return fmt.Errorf("page %d is of kind %#x, no list of free pages", id, flags)
	}
	count, list := uint64(order.Uint16(page[10:])), page[pageHeader:]
	if count == manyFree {
		count, list = order.Uint64(list), list[8:]
	}
	if count > uint64(len(list)/8) {
		return fmt.Errorf("page %d cannot list %d free pages", id, count)
	}
	for ; count > 0; count-- {
		if err := r.see(order.Uint64(list)); err != nil {
			return err
		}
		list = list[8:]
	}
	for id, seen := range r.seen {
		if !seen {
			return fmt.Errorf("page %d is neither used nor free", id)
		}
	}
	return nil
}
