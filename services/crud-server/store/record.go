package store

import (
	"encoding/binary"
	"hash/crc32"
	"slices"
)

// A Record is a key, its value, and its version: 1 when it was created, one
// more with each update.
type Record struct {
	Key     string
	Version uint64
	Value   string
}

// A change is what a key has become. Version 0: it was deleted.
type change struct {
	version uint64
	value   string
}

// castagnoli is the polynomial that processors have an instruction for.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// In home a key's value is: a checksum of all the rest and of the key, 4 bytes;
// the version, a varint; the value.
const sumSize = 4

func appendRecord(dst []byte, key string, c change) []byte {
	start := len(dst)
	dst = slices.Grow(dst, sumSize+binary.MaxVarintLen64+len(c.value))
	dst = append(dst, make([]byte, sumSize)...)
	dst = binary.AppendUvarint(dst, c.version)
	dst = append(dst, c.value...)
	binary.NativeEndian.PutUint32(dst[start:], checksum([]byte(key), dst[start+sumSize:]))
	return dst
}

// readRecord takes a record of home apart. value is a part of stored.
func readRecord(key, stored []byte) (version uint64, value []byte, ok bool) {
	if len(stored) < sumSize || sumOf(stored) != checksum(key, stored[sumSize:]) {
		return 0, nil, false
	}
	version, n := binary.Uvarint(stored[sumSize:])
	if n <= 0 || version == 0 {
		return 0, nil, false
	}
	return version, stored[sumSize+n:], true
}

func checksum(key, rest []byte) uint32 {
	return crc32.Update(crc32.Checksum(key, castagnoli), castagnoli, rest)
}

// sumOf returns the checksum that stored begins with.
func sumOf(stored []byte) uint32 { return binary.NativeEndian.Uint32(stored) }

// In the journal a change is: the key with its length before it; the version; and
// unless that is 0, the value with its length before it. All numbers are varints.

func appendChange(dst []byte, key string, c change) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(key)))
	dst = append(dst, key...)
	dst = binary.AppendUvarint(dst, c.version)
	if c.version == 0 {
		return dst
	}
	dst = binary.AppendUvarint(dst, uint64(len(c.value)))
	return append(dst, c.value...)
}

// readChanges calls each for every change in group. It returns false where they
// cannot be told apart.
func readChanges(group []byte, each func(key string, c change)) bool {
	number := func() (uint64, bool) {
		v, n := binary.Uvarint(group)
		if n <= 0 {
			return 0, false
		}
		group = group[n:]
		return v, true
	}
	text := func() (string, bool) {
		size, ok := number()
		if !ok || size > uint64(len(group)) {
			return "", false
		}
		s := string(group[:size])
		group = group[size:]
		return s, true
	}
	for len(group) > 0 {
		key, ok := text()
		if !ok {
			return false
		}
		var c change
		if c.version, ok = number(); !ok {
			return false
		}
		if c.version > 0 {
			if c.value, ok = text(); !ok {
				return false
			}
		}
		each(key, c)
	}
	return true
}
