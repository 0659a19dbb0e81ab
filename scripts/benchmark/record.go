package main

import (
	"fmt"
	"iter"
)

// A record is what some servers keep.
type record struct{ key, value []byte }

const (
	// valueSize is how long each value is, in bytes.
	valueSize = 100
	// perPrefix is how many records have keys that begin alike.
	perPrefix = 100
)

// recordOf is record number n, always the same. The keys of perPrefix of them in
// a row have one prefix, that of n/perPrefix.
func recordOf(n uint64) record {
	return record{fmt.Appendf(prefixOf(n/perPrefix), "%02d", n%perPrefix), valueOf(n)}
}

// prefixOf is another one for each n. In order of n they are not sorted.
func prefixOf(n uint64) []byte { return fmt.Appendf(nil, "%016x:", mix(n)) }

// valueOf is another one for each n: the value of another record is a wrong
// one, and would be noticed.
func valueOf(n uint64) []byte {
	var value []byte
	for part := uint64(0); len(value) < valueSize; part++ {
		value = fmt.Appendf(value, "%016x", mix(n+part<<48))
	}
	return value[:valueSize]
}

// mix makes a number look random. No two numbers give the same: each step can
// be undone. It is the hash of SplitMix64 (Steele, Lea and Flood, "Fast
// Splittable Pseudorandom Number Generators", 2014).
func mix(n uint64) uint64 {
	n += 0x9e3779b97f4a7c15
	n = (n ^ n>>30) * 0xbf58476d1ce4e5b9
	n = (n ^ n>>27) * 0x94d049bb133111eb
	return n ^ n>>31
}

// stock is the records 0 … n-1, n being a multiple of perPrefix. They come with
// one of each prefix, then another one of each, and so on: not sorted, and not
// in runs.
func stock(n int) iter.Seq[record] {
	return func(yield func(record) bool) {
		for place := range perPrefix {
			for i := place; i < n; i += perPrefix {
				if !yield(recordOf(uint64(i))) {
					return
				}
			}
		}
	}
}
