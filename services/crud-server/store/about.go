package store

import (
	"encoding/binary"

	bolt "go.etcd.io/bbolt"
)

// Each file has one bucket with its data and one that tells about it: under the
// file's kind, an about.
var aboutBucket = []byte("about")

// An about says which store a file belongs to, and what it holds. It changes in
// the same transaction as that.
type about struct {
	// id is the same in home and in its journal, and in no other store.
	id [16]byte
	// last is the newest group of the journal; in home, the newest that has
	// been put there.
	last uint64
	// count is how many records are in home, sum their checksums added up,
	// which depends on each, but not on their order. In the journal both
	// are 0.
	count, sum uint64
}

const aboutSize = 16 + 3*8 + sumSize

func (a about) encode() []byte {
	b := make([]byte, 0, aboutSize)
	b = append(b, a.id[:]...)
	for _, n := range []uint64{a.last, a.count, a.sum} {
		b = binary.NativeEndian.AppendUint64(b, n)
	}
	return binary.NativeEndian.AppendUint32(b, checksum(aboutBucket, b))
}

func readAbout(b []byte) (a about, ok bool) {
	if len(b) != aboutSize {
		return a, false
	}
	rest := b[copy(a.id[:], b):]
	for _, to := range []*uint64{&a.last, &a.count, &a.sum} {
		*to, rest = binary.NativeEndian.Uint64(rest), rest[8:]
	}
	return a, sumOf(rest) == checksum(aboutBucket, b[:len(b)-sumSize])
}

func (a about) store(tx *bolt.Tx, kind string) error {
	return tx.Bucket(aboutBucket).Put([]byte(kind), a.encode())
}
