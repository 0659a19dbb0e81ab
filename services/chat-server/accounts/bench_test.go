package accounts

import (
	"fmt"
	"math"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"
)

// BenchmarkRegistered is what the chat asks at each /nick.
func BenchmarkRegistered(b *testing.B) {
	s, _ := openNew(b)
	register(b, s, "Alice")
	b.ReportAllocs()
	for b.Loop() {
		if !s.Registered("alice") {
			b.Fatal("alice is gone")
		}
	}
}

// BenchmarkLogin is at the cost that a server has.
func BenchmarkLogin(b *testing.B) {
	s, err := Open(filepath.Join(b.TempDir(), "accounts.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	register(b, s, "Alice")
	for b.Loop() {
		if _, err := s.Login(b.Context(), "alice", good); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRegister is without the hashing: what the file costs.
func BenchmarkRegister(b *testing.B) {
	s, _ := openNew(b)
	s.options.MaxAccounts = math.MaxInt
	hash := nobody(10)
	s.hashing.generate = func([]byte, int) ([]byte, error) { return hash, nil }
	i := 0
	for b.Loop() {
		i++
		register(b, s, fmt.Sprintf("User%d", i))
	}
}

// BenchmarkOpen opens a file with many accounts.
func BenchmarkOpen(b *testing.B) {
	for _, count := range []int{1000, 10000} {
		b.Run(fmt.Sprint(count), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "accounts.db")
			s, _ := open(b, path)
			hash := nobody(10)
			err := s.file.Update(func(tx *bbolt.Tx) error {
				for i := range count {
					name := fmt.Sprintf("user%d", i)
					if err := put(tx, Account{Key: name, Name: name, Hash: string(hash)}); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
			s.Close()
			for b.Loop() {
				s, err := Open(path, Options{})
				if err != nil {
					b.Fatal(err)
				}
				s.Close()
			}
		})
	}
}
