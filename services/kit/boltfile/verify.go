package boltfile

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"
)

// verify goes through a whole file of bbolt's, as it lies on the disk. The format
// is that of bbolt's internal/common: pages, each with a header and an array of
// elements; two pages at the start, the metas, that say where the rest begins, of
// which the newer one holds.

// An Inspector is told what is in a file, sorted by bucket and key, and judges
// it: its first error is why the file is refused. It sees nothing of a bucket in a
// bucket: such files are refused. The slices are valid during the call.
type Inspector interface {
	// Bucket begins a bucket, which may have no entries.
	Bucket(name string) error
	// Entry is bucket/key = value.
	Entry(bucket string, key, value []byte) error
	// End comes after the last: is this all that there should be?
	End() error
}

// verify returns an error if anything in the file is not as bbolt leaves it, or
// not as the inspector wants it.
func verify(file *os.File, inspector Inspector) error {
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
	err = r.tree(newest.root, nil, nil, func(page uint64, flags uint32, name, value []byte) error {
		if flags != bucketElement {
			return fmt.Errorf("page %d: an entry %q is in no bucket", page, name)
		}
		return r.bucket(page, string(name), value, inspector)
	})
	if err != nil {
		return err
	}
	if err := r.free(newest.freelist); err != nil {
		return err
	}
	return inspector.End()
}

// A meta is what verify needs of one: 64 bytes behind the header of page 0 or 1.
type meta struct {
	pageSize       int
	root, freelist uint64
	pages          uint64 // how many pages are in use or free
	txid           uint64
}

const (
	metaSize    = 64
	metaMagic   = 0xED0CDAED
	metaVersion = 2
)

// metas returns the newer one. Both must be whole: without the newer one the
// older one would do, and the last change would silently be gone. (bbolt writes
// 64 bytes of one sector, which a disk does as a whole or not at all.)
func (r *pageReader) metas() (newest meta, err error) {
	zero, zeroErr := readMeta(r.file, 0)
	r.pageSize = zero.pageSize
	if zeroErr != nil {
		r.pageSize = os.Getpagesize() // most likely
	}
	one, oneErr := readMeta(r.file, int64(r.pageSize))
	switch {
	case zeroErr == errNoMeta && oneErr == errNoMeta:
		return meta{}, ErrForeign
	case zeroErr != nil:
		return meta{}, fmt.Errorf("page 0: %w", zeroErr)
	case oneErr != nil:
		return meta{}, fmt.Errorf("page 1: %w", oneErr)
	case zero.pageSize != one.pageSize:
		return meta{}, errors.New("its first two pages do not agree")
	case one.txid > zero.txid:
		return one, nil
	}
	return zero, nil
}

var errNoMeta = errors.New("it does not begin as it should")

// readMeta reads the meta of the page at offset.
func readMeta(file io.ReaderAt, offset int64) (meta, error) {
	b := make([]byte, metaSize)
	if _, err := file.ReadAt(b, offset+pageHeader); err == io.EOF {
		return meta{}, errNoMeta
	} else if err != nil {
		return meta{}, err
	}
	sum := fnv.New64a()
	sum.Write(b[:metaSize-8])
	m := meta{
		pageSize: int(order.Uint32(b[8:])),
		root:     order.Uint64(b[16:]),
		freelist: order.Uint64(b[32:]),
		pages:    order.Uint64(b[40:]),
		txid:     order.Uint64(b[48:]),
	}
	switch {
	case order.Uint32(b) != metaMagic || order.Uint32(b[4:]) != metaVersion:
		return meta{}, errNoMeta
	case order.Uint64(b[metaSize-8:]) != sum.Sum64():
		return meta{}, errors.New("its checksum is wrong")
	case m.pageSize < minPageSize || m.pageSize > maxPageSize || m.pageSize&(m.pageSize-1) != 0 || m.pages < 3:
		return meta{}, fmt.Errorf("it cannot have %d pages of %d bytes", m.pages, m.pageSize)
	}
	return m, nil
}

// free reads the list of the free pages. They and those seen until now must be
// all there are: a page that is in use and in the list would be written over. A
// file may come without the list (see File.open); then bbolt makes one from the
// tree, which has been verified.
func (r *pageReader) free(id uint64) error {
	if id == noFreelist {
		return nil
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
