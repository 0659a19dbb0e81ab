package store

import "hash/maphash"

// A filter remembers keys, so roughly that it takes two bytes for each: of a key
// that it does not have, it knows that nobody has added it; of one that it has,
// that somebody may have. It is a Bloom filter (B. H. Bloom, "Space/Time Trade-offs
// in Hash Coding with Allowable Errors", 1970) in which all bits of a key are in
// one word, so that a look costs one access to memory.
//
// The committer looks here first: most keys to create are new, and to find that
// out in the layers and in home took an eighth of all CPU time of a create.
//
// It does not grow. With more keys than it was made for it is less and less often
// sure, and so of less and less use, but never wrong.
type filter struct {
	seed  maphash.Seed
	words []uint64
}

const (
	// keysPerWord makes one in a hundred new keys look as if it were there.
	keysPerWord = 4
	// A filter is made for so many keys, however many there are: 2 MB and 128.
	leastKeys = 1 << 20
	mostKeys  = 1 << 26
)

// newFilter makes one for so many keys, and as many that are still to come.
func newFilter(keys uint64) *filter {
	keys = min(max(2*min(keys, mostKeys), leastKeys), mostKeys)
	return &filter{maphash.MakeSeed(), make([]uint64, keys/keysPerWord)}
}

func (f *filter) add(key string) {
	word, bits := f.place(maphash.String(f.seed, key))
	*word |= bits
}

// mayHave returns false only if key was never added.
func (f *filter) mayHave(key string) bool {
	word, bits := f.place(maphash.String(f.seed, key))
	return *word&bits == bits
}

// place takes the word from one half of the hash, and from the other the up to
// four bits in it.
func (f *filter) place(hash uint64) (word *uint64, bits uint64) {
	for range 4 {
		bits |= 1 << (hash & 63)
		hash >>= 6
	}
	return &f.words[hash%uint64(len(f.words))], bits
}
