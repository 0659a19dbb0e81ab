package main

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// BenchmarkCosts is what the parts of a server's work cost on this machine, each
// alone. lab-guide/how-fast.md explains them:
//
//	go test -run '^$' -bench Costs ./scripts/benchmark
func BenchmarkCosts(b *testing.B) {
	b.Run("function call", func(b *testing.B) {
		for range b.N {
			nothing()
		}
	})
	b.Run("system call", func(b *testing.B) {
		for range b.N {
			syscall.Getppid() // the kernel is entered and left, and does next to nothing
		}
	})
	b.Run("hand-over between goroutines", handOver)
	b.Run("message of 64 B", func(b *testing.B) { message(b, 64, 64) })
	b.Run("message of 64 KiB", func(b *testing.B) { message(b, 64<<10, 64<<10) })
	b.Run("message of 64 KiB in pieces of 4 KiB", func(b *testing.B) { message(b, 64<<10, 4<<10) })
	b.Run("round trip of 64 B", roundTrip)
	b.Run("connection", connection)
	b.Run("write of 4 KiB to a file", func(b *testing.B) { writeFile(b, func(int) error { return nil }) })
	b.Run("write of 4 KiB to a file and fdatasync", func(b *testing.B) { writeFile(b, syscall.Fdatasync) })
}

//go:noinline
func nothing() {}

// handOver passes a word to another goroutine and back; half of that is one.
func handOver(b *testing.B) {
	there, back := make(chan struct{}), make(chan struct{})
	go func() {
		for range there {
			back <- struct{}{}
		}
	}()
	defer close(there)
	for range b.N / 2 {
		there <- struct{}{}
		<-back
	}
}

// pair opens a TCP connection of this program to itself.
func pair(b *testing.B) (here, there net.Conn) {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer ln.Close()
	if here, err = net.Dial("tcp", ln.Addr().String()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { here.Close() })
	if there, err = ln.Accept(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { there.Close() })
	return here, there
}

// message writes at one end and reads at the other, piece by piece: nobody has to
// be woken, so what is left are two system calls a piece and the way through the
// kernel.
func message(b *testing.B, size, piece int) {
	here, there := pair(b)
	out, in := make([]byte, piece), make([]byte, piece)
	b.SetBytes(int64(size))
	for b.Loop() {
		for range size / piece {
			if _, err := here.Write(out); err != nil {
				b.Fatal(err)
			}
			if _, err := io.ReadFull(there, in); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// roundTrip is a message to somebody who sleeps until it comes, and the answer.
func roundTrip(b *testing.B) {
	here, there := pair(b)
	go io.Copy(there, struct{ io.Reader }{there}) // the loop, not splice
	message := make([]byte, 64)
	for b.Loop() {
		if _, err := here.Write(message); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(here, message); err != nil {
			b.Fatal(err)
		}
	}
}

// connection opens one and closes both ends.
func connection(b *testing.B) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer ln.Close()
	for b.Loop() {
		here, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			b.Fatal(err)
		}
		there, err := ln.Accept()
		if err != nil {
			b.Fatal(err)
		}
		here.(*net.TCPConn).SetLinger(0) // RST: else 28,000 of them use up the ports
		here.Close()
		there.Close()
	}
}

// writeFile overwrites the same 4 KiB of a file, and then calls keep.
func writeFile(b *testing.B, keep func(fd int) error) {
	file, err := os.Create(filepath.Join(b.TempDir(), "file"))
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	page := make([]byte, 4<<10)
	for b.Loop() {
		if _, err := file.WriteAt(page, 0); err != nil {
			b.Fatal(err)
		}
		if err := keep(int(file.Fd())); err != nil {
			b.Fatal(err)
		}
	}
}
