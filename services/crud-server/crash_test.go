package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"socketlab/kit/nettest"
)

// rounds is how often the server is killed: `go test -run Crash . -rounds 50`.
var rounds = flag.Int("rounds", 5, "how often to kill the server")

const (
	crashClients = 32
	crashKeys    = 10 // of each client
)

// step is the n-th change of a client, its answer, and what it makes of its key:
// it creates each of its keys, updates each twice, deletes each, and so on.
func step(client, n int) (line, answer, key, record string) {
	key = fmt.Sprintf("c%d/%d", client, n%crashKeys)
	value := strings.Repeat(fmt.Sprint(n, "."), 1+n%100)
	switch v := n / crashKeys % 4; v {
	case 0:
		return fmt.Sprintf("create %s %s\n", key, value), fmt.Sprintf("OK created %s v1\n", key), key, "v1 " + value
	case 3:
		return fmt.Sprintf("delete %s @3\n", key), fmt.Sprintf("OK deleted %s\n", key), key, ""
	default:
		return fmt.Sprintf("update %s @%d %s\n", key, v, value), fmt.Sprintf("OK updated %s v%d\n", key, v+1), key, fmt.Sprintf("v%d %s", v+1, value)
	}
}

// stateAfter is what a client's records are after n changes, `v1 VALUE` by key.
func stateAfter(client, n int) map[string]string {
	state := map[string]string{}
	for i := max(0, n-4*crashKeys); i < n; i++ {
		_, _, key, record := step(client, i)
		state[key] = record
		if record == "" {
			delete(state, key)
		}
	}
	return state
}

// The server is killed in the middle of what 32 clients change, again and again.
// After each start all that it had confirmed is there, at the version it had
// said; what it was at may be there; nothing is there by halves.
func TestCrash(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d, %d rounds", seed, *rounds)
	random := rand.New(rand.NewPCG(seed, 0))
	path := filepath.Join(t.TempDir(), "crud.db")
	next := make([]int, crashClients) // the change that each client makes next
	for round := range *rounds {
		server := startOn(t, path)
		var confirmed atomic.Int64
		kill := 1 + random.Int64N(4000)
		var clients sync.WaitGroup
		for i := range next {
			clients.Go(func() {
				n, err := change(server.Addr, i, next[i], func() {
					if confirmed.Add(1) == kill {
						server.Signal(syscall.SIGKILL)
					}
				})
				next[i] = n
				if err != nil {
					t.Error(err)
				}
			})
		}
		clients.Wait()
		server.Wait()
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
		checkAfterCrash(t, startOn(t, path), next)
	}
	total := 0
	for _, n := range next {
		total += n
	}
	t.Logf("%d changes", total)
}

// change makes a client's changes from the n-th on, until the connection is
// lost, and calls confirmed for each. It returns the number of the first one
// that was not confirmed, and an error for a wrong answer.
func change(addr string, client, n int, confirmed func()) (int, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return n, nil // killed before
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for {
		line, want, _, _ := step(client, n)
		if _, err := io.WriteString(conn, line); err != nil {
			return n, nil
		}
		answer, err := in.ReadString('\n')
		if err != nil {
			return n, nil
		}
		if answer != want {
			return n, fmt.Errorf("client %d said %q and heard %q", client, line, answer)
		}
		n++
		confirmed()
	}
}

// checkAfterCrash compares what the server has with next, and sets that right
// for those whose last change was made although it was not confirmed.
func checkAfterCrash(t *testing.T, server *nettest.Process, next []int) {
	t.Helper()
	alice := nettest.Dial(t, server.Addr)
	total := 0
	for i := range next {
		alice.Send(fmt.Sprintf("list c%d/\n", i))
		found := map[string]string{}
		for {
			text := strings.TrimSuffix(line(t, alice), "\n")
			if strings.HasPrefix(text, "OK ") {
				break
			}
			key, record, _ := strings.Cut(text, " ")
			found[key] = record
		}
		switch {
		case maps.Equal(found, stateAfter(i, next[i]+1)):
			next[i]++
		case !maps.Equal(found, stateAfter(i, next[i])):
			t.Fatalf("after %d changes of client %d there is %v, want %v", next[i], i, found, stateAfter(i, next[i]))
		}
		total += len(found)
	}
	play(t, alice, fmt.Sprintf("> count\n< OK %d records\n", total))
	server.Signal(syscall.SIGKILL)
	server.Wait()
}
