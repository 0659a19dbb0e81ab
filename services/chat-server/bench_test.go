package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"socketlab/chat-server/accounts"
	"socketlab/kit/nettest"
)

// A line to 1,000 people: it is made once, and to deliver it takes no memory.
func BenchmarkHubSay(b *testing.B) {
	const members = 1000
	h := newHub()
	var all []*client
	for n := range members {
		guest := fmt.Sprintf("guest-%d", n)
		c := &client{out: newQueue(), guest: name{guest, guest}}
		h.enter(c)
		all = append(all, c)
	}
	drain := func() {
		for _, c := range all {
			c.out.giveBack(c.out.take())
		}
	}
	drain()
	b.ReportAllocs()
	for b.Loop() {
		if err := h.say(all[0], "", "hello, everybody, how are you this morning?"); err != nil {
			b.Fatal(err)
		}
		all[0].out.answer([]byte("so that each has something to take\n"))
		drain()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/members, "ns/delivery")
}

// TestADeliveryCostsNoAllocation counts what is allocated in the whole process
// while one says something and the others hear it, over real connections. The
// clients allocate nothing, so it is the server that is counted. What a line costs
// is the same for one listener as for fifty: a delivery costs nothing.
func TestADeliveryCostsNoAllocation(t *testing.T) {
	const perLine = 2 // the line as it was heard, and the line as it is told
	for _, listeners := range []int{1, 50} {
		room := newQuietRoom(t, listeners)
		// AllocsPerRun rounds down: less than one a line is 0, so that what
		// is lost to the garbage collector does not count.
		allocs := testing.AllocsPerRun(200, func() {
			if err := room.sayAndHear(); err != nil {
				t.Error(err)
			}
		})
		if allocs != perLine {
			t.Errorf("%d listeners: %v allocations a line, want %d", listeners, allocs, perLine)
		}
	}
}

// BenchmarkDelivery is one line to 50 listeners, over real connections.
func BenchmarkDelivery(b *testing.B) {
	const listeners = 50
	room := newQuietRoom(b, listeners)
	b.ReportAllocs()
	for b.Loop() {
		if err := room.sayAndHear(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/listeners, "ns/delivery")
}

// A quietRoom is people with all the memory they will ever need.
type quietRoom struct {
	speaker           net.Conn
	listeners         []net.Conn
	said, told, heard []byte
}

func newQuietRoom(tb testing.TB, listeners int) *quietRoom {
	tb.Helper()
	addr := start(tb).Addr
	names := []string{"speaker"}
	for i := range listeners {
		names = append(names, fmt.Sprintf("listener-%d", i))
	}
	text := strings.Repeat("hello, everybody ", 4) + "\n"
	told := "[#lobby] speaker: " + strings.TrimSpace(text) + "\n"
	room := &quietRoom{said: []byte(text), told: []byte(told), heard: make([]byte, len(told))}
	for _, c := range people(tb, addr, names...) {
		c.Conn.SetDeadline(time.Now().Add(time.Hour)) // go test has a limit of its own
		room.listeners = append(room.listeners, c.Conn)
	}
	room.speaker, room.listeners = room.listeners[0], room.listeners[1:]
	return room
}

func (r *quietRoom) sayAndHear() error {
	if _, err := r.speaker.Write(r.said); err != nil {
		return err
	}
	for _, listener := range r.listeners {
		if _, err := io.ReadFull(listener, r.heard); err != nil {
			return err
		}
		if !bytes.Equal(r.heard, r.told) {
			return fmt.Errorf("heard %q, want %q", r.heard, r.told)
		}
	}
	return nil
}

func BenchmarkObey(b *testing.B) {
	s := newChat(nil, 0)
	row, _ := s.find("/msg")
	for name, line := range map[string]string{
		"find":  "/quit",
		"split": "bob hello, how are you this morning?",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if name == "find" {
					s.find(line)
				} else {
					row.split(line)
				}
			}
		})
	}
}

// One says something and waits until the other has heard it: alone, and while
// a hundred try to log in as fast as they can.
func BenchmarkTalk(b *testing.B) {
	for _, guessers := range []int{0, 100} {
		b.Run(fmt.Sprintf("%d log in", guessers), func(b *testing.B) {
			store, err := accounts.Open(filepath.Join(b.TempDir(), "chat.db"), accounts.Options{Cost: bcrypt.DefaultCost})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { store.Close() })
			addr := start(b, withStore(store)).Addr
			room := people(b, addr, "alice", "bob")
			for _, c := range room {
				c.Send("/join #talk\n/part #lobby\n")
				c.SkipTo("* you left #lobby\n")
			}
			settle(room...)
			stop := guess(b, addr, guessers)
			for b.Loop() {
				room[0].Send("hello\n")
				room[1].Expect("[#talk] alice: hello\n")
			}
			stop()
		})
	}
}

// guess lets n clients try passwords until stop is called.
func guess(b *testing.B, addr string, n int) (stop func()) {
	b.Helper()
	var guessing sync.WaitGroup
	clients := make([]*nettest.Client, n)
	for i := range clients {
		clients[i] = nettest.Dial(b, addr)
		clients[i].SkipTo("* you joined ")
	}
	for i, c := range clients {
		guessing.Go(func() {
			try := fmt.Sprintf("/register %s%d wonderland\n", strings.Repeat("x", 5), i)
			for {
				if _, err := c.Conn.Write([]byte(try)); err != nil {
					return
				}
				for {
					line, err := c.In.ReadBytes('\n')
					if err != nil {
						return
					}
					if bytes.HasPrefix(line, []byte("! ")) || bytes.HasPrefix(line, []byte("* registered")) {
						break
					}
				}
			}
		})
	}
	return func() {
		for _, c := range clients {
			c.Conn.Close()
		}
		guessing.Wait()
	}
}
