package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestKeepersTurns(t *testing.T) {
	r := record{[]byte("k"), []byte("some value")}
	crud, redis := saysCRUD(), saysRedis()
	for _, test := range []struct {
		got         turn
		said, heard string
	}{
		{crud.create(r), "create k some value\n", "OK created k v1\n"},
		{crud.read(r), "read k\n", "OK k v1 some value\n"},
		{crud.list([]byte("k"), []record{r, {[]byte("k2"), []byte("v")}}), "list k\n", "k v1 some value\nk2 v1 v\nOK 2 records\n"},
		{redis.create(r), "*4\r\n$3\r\nSET\r\n$1\r\nk\r\n$10\r\nsome value\r\n$2\r\nNX\r\n", "+OK\r\n"},
		{redis.read(r), "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n", "$10\r\nsome value\r\n"},
	} {
		if string(test.got.said) != test.said || string(test.got.heard) != test.heard {
			t.Errorf("got %q, %q; want %q, %q", test.got.said, test.got.heard, test.said, test.heard)
		}
	}
}

// A littleStore is a small crud server with a fault.
type littleStore struct {
	// spoil makes of the right answer number n of a client the one that is
	// sent; the first answers what a client enters with.
	spoil func(n int, answer string) string
	// mu guards values.
	mu     sync.Mutex
	values map[string]string
}

// littleStock is how many records a littleStore has.
const littleStock = 2 * perPrefix

func newLittleStore(spoil func(n int, answer string) string) *littleStore {
	s := &littleStore{spoil: spoil, values: make(map[string]string)}
	for r := range stock(littleStock) {
		s.values[string(r.key)] = string(r.value)
	}
	return s
}

// serve is one client.
func (s *littleStore) serve(conn net.Conn) {
	lines := bufio.NewScanner(conn)
	for n := 0; lines.Scan(); n++ {
		io.WriteString(conn, s.spoil(n, s.answer(lines.Text())))
	}
}

func (s *littleStore) answer(line string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	command, rest, _ := strings.Cut(line, " ")
	key, value, _ := strings.Cut(rest, " ")
	known, found := s.values[key]
	switch {
	case command == "list":
		return s.list(key)
	case command == "create" && found:
		return "ERR exists " + key + "\n"
	case command == "create":
		s.values[key] = value
		return "OK created " + key + " v1\n"
	case !found:
		return "ERR missing " + key + "\n"
	}
	return "OK " + key + " v1 " + known + "\n"
}

func (s *littleStore) list(prefix string) string {
	var lines []string
	for key, value := range s.values {
		if strings.HasPrefix(key, prefix) {
			lines = append(lines, key+" v1 "+value+"\n")
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "") + fmt.Sprintf("OK %d records\n", len(lines))
}

// keeperLoads are all loads of a server that keeps records.
func keeperLoads() []exchange {
	return []exchange{
		{"create", 2, valueSize, creating},
		{"read", 2, valueSize, reading(littleStock)},
		{"list", 2, perPrefix * valueSize, listing(littleStock)},
	}
}

// countRecords runs a load for longer than a moment: first it has to make many
// records.
func countRecords(t *testing.T, l load, p protocol, addr string) (int64, error) {
	t.Helper()
	return runLoadWithin(t, 0, 10*moment, l, p, addr)
}

func TestKeeperLoadsCount(t *testing.T) {
	for _, l := range keeperLoads() {
		store := newLittleStore(func(_ int, answer string) string { return answer })
		if n, err := countRecords(t, l, saysCRUD(), serve(t, store.serve)); err != nil || n == 0 {
			t.Errorf("%s: got %d messages, %v; want some", l.name, n, err)
		}
	}
}

// other is the key of a record that no load knows.
const other = "0123456789abcdef:00"

// The load generator must notice every server that does not keep what it was
// given, or answers another question. The fault comes once, at each client's first
// turn: however busy this machine is, the window has one.
func TestKeeperLoadsNoticeFaults(t *testing.T) {
	faults := map[string]struct {
		loads string
		spoil func(answer string) string
	}{
		"another key":      {"create read list", func(a string) string { return strings.Replace(a, keyIn(a), other, 1) }},
		"an extra line":    {"create read list", func(a string) string { return a + "OK\n" }},
		"the answer twice": {"create read list", func(a string) string { return a + a }},
		"an error":         {"create read list", func(string) string { return "ERR storage no space left on device\n" }},
		"another version":  {"create read list", func(a string) string { return strings.Replace(a, " v1", " v2", 1) }},
		"a wrong value":    {"read list", func(a string) string { return strings.Replace(a, " v1 ", " v1 x", 1) }},
		"another value": {"read list", func(a string) string {
			at := strings.Index(a, " v1 ") + len(" v1 ")
			return a[:at] + string(valueOf(12345)) + a[at+valueSize:]
		}},
		"a record lost": {"list", func(a string) string { return a[strings.Index(a, "\n")+1:] }},
		"a wrong count": {"list", func(a string) string { return strings.Replace(a, "OK 100", "OK 101", 1) }},
		"not sorted": {"list", func(a string) string {
			l := strings.SplitAfter(a, "\n")
			l[0], l[1] = l[1], l[0]
			return strings.Join(l, "")
		}},
		"its end is lost": {"list", func(a string) string { return a[:strings.Index(a, "OK")] + "OK\n" }},
	}
	for name, fault := range faults {
		for _, l := range keeperLoads() {
			if !strings.Contains(fault.loads, l.name) {
				continue
			}
			store := newLittleStore(func(n int, answer string) string {
				if n == 1 {
					return fault.spoil(answer)
				}
				return answer
			})
			n, err := runLoad(t, l, saysCRUD(), serve(t, store.serve))
			if err == nil || !strings.Contains(err.Error(), "other bytes") {
				t.Errorf("%s, %s: got %d messages, %v; want an error", l.name, name, n, err)
			}
		}
	}
}

// keyIn is the first key in an answer.
func keyIn(answer string) string {
	return answer[strings.Index(answer, ":")-len("0123456789abcdef"):][:len(other)]
}

// Redis says OK to every record alike. One OK too many would be taken for the
// next one's, and so on to the end.
func TestCreatingNoticesOneOKTooMany(t *testing.T) {
	for name, spoil := range map[string]string{"right": "", "one too many": "+OK\r\n"} {
		addr := serve(t, func(conn net.Conn) {
			lines := bufio.NewScanner(conn)
			for n := 0; lines.Scan(); n++ {
				answer := "+PONG\r\n"
				if strings.HasPrefix(lines.Text(), "*4") {
					for range 4 * 2 { // words, each behind its length
						lines.Scan()
					}
					answer = "+OK\r\n"
				}
				if n == 1 {
					answer += spoil
				}
				io.WriteString(conn, answer)
			}
		})
		n, err := runLoad(t, exchange{name, 2, valueSize, creating}, saysRedis(), addr)
		switch {
		case spoil == "" && (err != nil || n == 0):
			t.Errorf("%s: got %d messages, %v; want some", name, n, err)
		case spoil != "" && (err == nil || !strings.Contains(err.Error(), "other bytes")):
			t.Errorf("%s: got %d messages, %v; want an error", name, n, err)
		}
	}
}

// A lost OK is a client that waits in vain.
func TestCreatingNoticesALostOK(t *testing.T) {
	store := newLittleStore(func(n int, answer string) string {
		if n == 1 {
			return ""
		}
		return answer
	})
	l := exchange{"create", 1, valueSize, creating}
	conns, err := saysCRUD().enterAll(t.Context(), serve(t, store.serve), l.clients())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeAll(conns) })
	now := time.Now()
	conns[0].SetDeadline(now.Add(200 * time.Millisecond))
	if _, err := l.run(t.Context(), conns, saysCRUD(), window{now, now.Add(50 * time.Millisecond)}); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v, want an error after the deadline", err)
	}
}

// The peers must keep records, and the load be one that a right server passes.
func TestPeersKeep(t *testing.T) {
	b := builder{checkout: "../..", dir: t.TempDir()}
	binary, err := b.goService(t.Context(), "crud-server")
	if err != nil {
		t.Fatal(err)
	}
	for _, peer := range []contender{b.crud(binary), b.redis()} {
		t.Run(peer.name, func(t *testing.T) {
			if peer.missing != "" {
				t.Skip(peer.missing)
			}
			full, err := peer.holding(littleStock).filled(t.Context(), t.Logf)
			if err != nil {
				t.Fatal(err)
			}
			server := startPeer(t, full)
			for _, l := range keeperLoads() {
				if l.name == "list" && peer.protocol.list == nil {
					continue
				}
				if n, err := countRecords(t, l, peer.protocol, server.addr); err != nil || n == 0 {
					t.Errorf("%s: got %d messages, %v; want some", l.name, n, err)
				}
			}
		})
	}
}

// Filling does not wait for answers, and checks them all the same.
func TestPourChecksEveryAnswer(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(n int, answer string) string
		wrong bool
	}{
		"right": {func(_ int, answer string) string { return answer }, false},
		"another key": {func(n int, answer string) string {
			if n == littleStock/2 {
				return strings.Replace(answer, keyIn(answer), other, 1)
			}
			return answer
		}, true},
		"an extra line at the end": {func(n int, answer string) string {
			if n == littleStock {
				return answer + "OK\n"
			}
			return answer
		}, true},
	} {
		store := newLittleStore(test.spoil)
		clear(store.values)
		err := saysCRUD().pour(t.Context(), serve(t, store.serve), littleStock)
		if test.wrong != (err != nil) {
			t.Errorf("%s: got error %v", name, err)
		}
		if !test.wrong && len(store.values) != littleStock {
			t.Errorf("%s: %d records, want %d", name, len(store.values), littleStock)
		}
	}
}
