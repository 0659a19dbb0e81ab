package store

import (
	"fmt"
	"strings"
	"testing"

	"socketlab/kit/nettest"
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

// BenchmarkCreate makes new records, 64 at a time, each of which is on the disk
// before the next of the same goroutine.
func BenchmarkCreate(b *testing.B) {
	s := openStore(b, newPath(b), usual)
	value := strings.Repeat("v", 100)
	nettest.Crowd(b, 64, func(client, turns int) error {
		for turn := range turns {
			if err := s.Create(fmt.Sprintf("%x:%x", client, turn), value); err != nil {
				return err
			}
		}
		return nil
	})
}

func BenchmarkFilter(b *testing.B) {
	f := newFilter(0)
	f.add("here")
	b.ReportAllocs()
	for b.Loop() {
		f.mayHave("key:123456")
	}
}
