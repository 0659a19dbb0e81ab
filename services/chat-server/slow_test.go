package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"socketlab/kit/nettest"
)

// stuck connects somebody who never reads, and whose kernel takes as little as
// it can.
func stuck(t *testing.T, addr, name string) *nettest.Client {
	t.Helper()
	c := people(t, addr, name)[0]
	if err := c.Conn.SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	return c
}

// CHAT-29 CHAT-9
func TestASlowReaderIsDropped(t *testing.T) {
	addr := start(t).Addr
	bob := stuck(t, addr, "bob")
	room := people(t, addr, "alice", "carol")
	alice, carol := room[0], room[1]
	// A line of 1,000 bytes costs a little more in the queue. So much fits
	// into that, and into the kernels of both sides; then it must happen.
	line := strings.Repeat("x", 1000)
	const fits, kernels = maxWaiting / 1100, 4 << 20 / 1000
	dropped := 0
	for sent := 1; dropped == 0; sent++ {
		if sent > fits+kernels {
			t.Fatal("bob is still there")
		}
		alice.Send(line + "\n")
		carol.Conn.SetReadDeadline(time.Now().Add(nettest.Limit))
		got, err := carol.In.ReadString('\n')
		switch {
		case err != nil:
			t.Fatal(err)
		case got == "* bob quit (too slow)\n":
			dropped = sent
		case got != "[#lobby] alice: "+line+"\n":
			t.Fatalf("carol heard %.80q", got)
		}
	}
	if dropped < fits {
		t.Errorf("dropped after %d lines: the queue holds %d", dropped, fits)
	}
	alice.Expect("* bob quit (too slow)\n")
	alice.Send("/who\n")
	alice.Expect("* #lobby alice carol\n* 2 in #lobby\n")
	bob.Conn.SetReadDeadline(time.Now().Add(nettest.Limit))
	if _, err := io.Copy(io.Discard, bob.In); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("bob saw %v", err)
	}
}

// One who asks for a lot, and reads it, is not slow, however much waits.
func TestOwnAnswersMakeNobodySlow(t *testing.T) {
	room := people(t, start(t).Addr, "alice", "bob")
	alice, bob := room[0], room[1]
	line := strings.Repeat("x", 1000)
	for range keptLines {
		alice.Send(line + "\n")
		bob.Expect("[#lobby] alice: " + line + "\n")
	}
	// Several writes' worth, whole.
	bob.Send("/history 100\n")
	bob.Expect("* history of #lobby, 100 lines\n" + strings.Repeat("[#lobby] alice: "+line+"\n", keptLines))

	const times = 40 // 4 MB, and nothing is read yet
	bob.Send(strings.Repeat("/history 100\n", times))
	for range 100 { // more than enough for the server to have taken it all
		alice.Send("are you there?\n")
		silent(t, alice) // nobody has quit
	}
	for range times {
		bob.SkipTo("* history of #lobby, 100 lines\n")
	}
	settle(bob)
	silent(t, alice, bob)
}

// A crowd of listeners in one channel, each with a goroutine that reads.
type crowd struct {
	sentAt  atomic.Int64 // when the line under way was sent, in ns
	waiting sync.WaitGroup
	times   [][]time.Duration // of each listener: its own goroutine's
	failed  chan error
}

// listen makes n listeners in channel and starts to read.
func listen(t *testing.T, addr, channel string, n int) *crowd {
	t.Helper()
	c := &crowd{times: make([][]time.Duration, n), failed: make(chan error, n)}
	clients := make([]*nettest.Client, n)
	for i := range clients {
		clients[i] = nettest.Dial(t, addr)
		clients[i].Send("/join " + channel + "\n/part #lobby\n")
		clients[i].SkipTo("* you left #lobby\n")
	}
	settle(clients...)
	for i, client := range clients {
		client.Conn.SetReadDeadline(time.Now().Add(10 * nettest.Limit))
		go func() {
			for {
				text, err := client.In.ReadSlice('\n')
				if err != nil {
					c.failed <- err
					return
				}
				if text[0] != '[' {
					continue // a notice
				}
				c.times[i] = append(c.times[i], time.Duration(time.Now().UnixNano()-c.sentAt.Load()))
				c.waiting.Done()
			}
		}()
	}
	return c
}

// deliver lets sender say line to the crowd, count times, each when all have
// heard the one before. It returns the delivery time that one in a hundred
// exceeds.
func (c *crowd) deliver(t *testing.T, sender *nettest.Client, line string, count int) time.Duration {
	t.Helper()
	for i := range c.times {
		c.times[i] = c.times[i][:0]
	}
	for range count {
		c.waiting.Add(len(c.times))
		c.sentAt.Store(time.Now().UnixNano())
		sender.Send(line + "\n")
		heard := make(chan struct{})
		go func() { c.waiting.Wait(); close(heard) }()
		select {
		case <-heard:
		case err := <-c.failed:
			t.Fatalf("a listener: %v", err)
		case <-time.After(nettest.Limit):
			t.Fatal("a line has not reached everybody")
		}
	}
	all := slices.Concat(c.times...)
	slices.Sort(all)
	return all[len(all)*99/100]
}

// CHAT-29
func TestAStuckReaderDelaysNobody(t *testing.T) {
	const listeners, lines, rounds = 498, 30, 3
	addr := start(t).Addr
	line := strings.Repeat("x", 1000)
	alice := people(t, addr, "alice")[0]
	alice.Send("/join #crowd\n/part #lobby\n")
	alice.SkipTo("* you left #lobby\n")
	c := listen(t, addr, "#crowd", listeners)
	settle(alice)

	// In turns, as others use this machine too, and the best of each.
	var without, with time.Duration
	for round := range rounds {
		took := c.deliver(t, alice, line, lines)
		if round == 0 || took < without {
			without = took
		}
		bob := stuck(t, addr, fmt.Sprintf("bob%d", round))
		bob.Send("/join #crowd\n")
		bob.SkipTo("* you joined #crowd")
		// Fill the kernels: then its queue grows with each line.
		c.deliver(t, alice, line, 150)
		took = c.deliver(t, alice, line, lines)
		if round == 0 || took < with {
			with = took
		}
		bob.Reset()
		settle(alice)
	}
	t.Logf("p99 of the delivery to %d: %v without a stuck reader, %v with one", listeners, without, with)
	if with > 2*without {
		t.Errorf("p99 of the delivery is %v without a stuck reader, %v with one", without, with)
	}
}
