package store

import (
	"encoding/binary"

	bolt "go.etcd.io/bbolt"
)

// Beside the bucket of the records home has one that tells about them, with one
// entry.
var aboutBucket, aboutKey = []byte("about"), []byte("home")

// An about says which store this is, and what is in home. It changes in the same
// transaction as that.
type about struct {
	// id is the same in home and in its journal, and in no other store.
	id [16]byte
	// last is the newest group of the journal that has been put there.
	last uint64
	// count is how many records there are, sum their checksums added up,
	// which depends on each, but not on their order.
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

func (a about) store(tx *bolt.Tx) error {
	return tx.Bucket(aboutBucket).Put(aboutKey, a.encode())
}
