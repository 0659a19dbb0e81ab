package store

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkRead reads records that are in home, and others that are in memory.
func BenchmarkRead(b *testing.B) {
	const count = 10000
	path := newPath(b)
	if _, err := Import(path, each(manyRecords("home", count), nil)); err != nil {
		b.Fatal(err)
	}
	s := openStore(b, path, usual)
	for i := range 100 {
		must(b, s.Create(fmt.Sprintf("recent%05d", i), strings.Repeat("v", 100)))
	}
	for where, keys := range map[string]int{"home": count, "recent": 100} {
		b.Run(where, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := s.Read(fmt.Sprintf("%s%05d", where, i%keys)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
