package main

import (
	"bufio"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"socketlab/kit/nettest"
)

// CHAT-12: 1,000 in one channel, 100 of them talk all at once, and meanwhile
// others join, leave, and have their connection cut.
func TestAThousandHearTheSame(t *testing.T) {
	const members, senders, lines, passersBy = 1000, 100, 15, 60
	goroutines, descriptors := runtime.NumGoroutine(), openDescriptors(t)
	server := start(t)
	all := make([]*nettest.Client, members)
	for i := range all {
		all[i] = nettest.Dial(t, server.Addr)
		all[i].Send(fmt.Sprintf("/nick m%d\n/join #all\n/part #lobby\n", i))
		all[i].SkipTo("* you left #lobby\n")
	}
	settle(all...)
	before := openDescriptors(t)

	ears := make([]*ear, members)
	var listening, talking sync.WaitGroup
	for i, c := range all {
		ears[i] = &ear{own: fmt.Sprintf("[#all] m%d: ", i), keep: i == members-1, said: make(chan struct{})}
		listening.Go(func() { ears[i].listen(c) })
	}
	for i := range senders {
		all[i].Conn.SetWriteDeadline(time.Now().Add(5 * nettest.Limit))
		talking.Go(func() {
			for n := range lines {
				if _, err := fmt.Fprintf(all[i].Conn, "line %d of sender %d\n", n, i); err != nil {
					t.Errorf("sender %d: %v", i, err)
				}
			}
			io.WriteString(all[i].Conn, allSaid)
			<-ears[i].said
		})
	}
	for range passersBy {
		talking.Go(func() {
			if err := passBy(server.Addr); err != nil {
				t.Error(err)
			}
		})
	}
	talking.Wait()
	last := nettest.Dial(t, server.Addr)
	last.Send("/join #all\nthe end\n")
	listening.Wait()

	reference := ears[members-1]
	if talk := strings.Count(reference.text.String(), "[#all] m"); talk != senders*lines {
		t.Errorf("%d lines were heard of %d", talk, senders*lines)
	}
	for i, e := range ears {
		if e.err != nil {
			t.Errorf("m%d: %v", i, e.err)
		} else if want := reference.without(e.own); e.sum != want {
			t.Errorf("m%d has not heard what the others have, or not in that order", i)
		}
	}

	for _, c := range append(all, last) {
		c.Conn.Close()
	}
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	if before < 2*members {
		t.Errorf("%d descriptors for %d connections in one process: they are not counted", before, members)
	}
	settlesAt(t, "goroutines", goroutines, runtime.NumGoroutine)
	settlesAt(t, "descriptors", descriptors+1, func() int { return openDescriptors(t) }) // the accounts' file
}

// settlesAt waits until now returns at most want: what has been closed ends a
// moment later.
func settlesAt(t *testing.T, what string, want int, now func() int) {
	t.Helper()
	for limit := time.Now().Add(nettest.Limit); ; runtime.Gosched() {
		got := now()
		if got <= want {
			return
		}
		if time.Now().After(limit) {
			t.Errorf("%d %s at the end, %d at the beginning", got, what, want)
			return
		}
	}
}

func openDescriptors(t *testing.T) int {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skipf("descriptors cannot be counted here: %v", err)
	}
	return len(open)
}

// allSaid is the barrier of a sender: when it is answered, its lines have been
// carried to everybody.
const allSaid = "/ping all said\n"

// An ear hears everything up to "the end", and remembers it as a checksum.
type ear struct {
	said chan struct{} // closed when allSaid is answered, or nothing more can be
	own  string        // the beginning of its own lines, which it does not hear
	keep bool          // it remembers the text as well
	text strings.Builder
	sum  uint64
	err  error
}

func (e *ear) listen(c *nettest.Client) {
	saidOnce := sync.OnceFunc(func() { close(e.said) })
	defer saidOnce()
	c.Conn.SetReadDeadline(time.Now().Add(5 * nettest.Limit))
	sum := fnv.New64a()
	for {
		line, err := c.In.ReadString('\n')
		switch {
		case err != nil:
			e.err = err
			return
		case line == "* pong all said\n":
			saidOnce()
			continue
		case strings.HasSuffix(line, ": the end\n"):
			e.sum = sum.Sum64()
			return
		case e.keep:
			e.text.WriteString(line)
		}
		io.WriteString(sum, line)
	}
}

// without is the checksum of what one hears who does not hear the lines that
// begin with own.
func (e *ear) without(own string) uint64 {
	sum := fnv.New64a()
	for line := range strings.Lines(e.text.String()) {
		if !strings.HasPrefix(line, own) {
			io.WriteString(sum, line)
		}
	}
	return sum.Sum64()
}

// passBy comes, joins and leaves, and goes, with a FIN or with a RST in the
// middle of it.
func passBy(addr string) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(nettest.Limit))
	for range 1 + rand.IntN(3) {
		if _, err := io.WriteString(conn, "/join #all\n/me passes by\n/part #all\n/join #all\n"); err != nil {
			return err
		}
	}
	heard := bufio.NewReader(conn)
	for line := ""; !strings.HasPrefix(line, "* you left #all"); {
		if line, err = heard.ReadString('\n'); err != nil {
			return err
		}
	}
	if rand.IntN(2) == 0 {
		return conn.(*net.TCPConn).SetLinger(0)
	}
	return nil
}
