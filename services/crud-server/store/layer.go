package store

import "github.com/tidwall/btree"

// A limit is how many changes, or bytes of keys and values, make a layer full:
// then it is settled into home.
type limit struct{ changes, bytes int }

// usual is a compromise: larger layers settle with less work for each change,
// and take more memory.
var usual = limit{changes: 1 << 16, bytes: 16 << 20}

// A layer holds the latest changes in memory, sorted by key; they are in the
// journal as well.
type layer struct {
	changes btree.Map[string, change]
	bytes   int
	last    uint64 // the newest group that is in here, once it has its end
}

func (l *layer) put(key string, c change) {
	l.bytes += len(key) + len(c.value)
	if old, replaced := l.changes.Set(key, c); replaced {
		l.bytes -= len(key) + len(old.value)
	}
}

// load is how many times the layer is full.
func (l *layer) load(full limit) int {
	return max(l.changes.Len()/full.changes, l.bytes/full.bytes)
}

// copy returns the layer as it is now. It costs next to nothing: the two share
// what neither changes.
func (l *layer) copy() *layer {
	return &layer{changes: *l.changes.Copy(), bytes: l.bytes}
}
