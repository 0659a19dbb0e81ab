package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// A state is what one key is: version 0: not there.
type state struct {
	version int
	value   string
}

// asked is what a client says about the key, with which version.
type asked struct {
	word, value string
	only        int
}

func (a asked) line() string {
	words := []string{a.word, "k"}
	if a.only > 0 {
		words = append(words, fmt.Sprint("@", a.only))
	}
	if a.value != "" {
		words = append(words, a.value)
	}
	return strings.Join(words, " ") + "\n"
}

// lost is in place of the answer that never came.
const lost = ""

// obey is the whole protocol about one key, in the simplest words: what the
// answer must be, and the state after it.
func obey(s state, a asked) (string, state) {
	switch {
	case a.word == "create" && s.version > 0:
		return "ERR exists k\n", s
	case a.word == "create":
		return "OK created k v1\n", state{1, a.value}
	case s.version == 0:
		return "ERR missing k\n", s
	case a.word == "read":
		return fmt.Sprintf("OK k v%d %s\n", s.version, s.value), s
	case a.only > 0 && a.only != s.version:
		return fmt.Sprintf("ERR conflict k is at v%d\n", s.version), s
	case a.word == "delete":
		return "OK deleted k\n", state{}
	}
	return fmt.Sprintf("OK updated k v%d\n", s.version+1), state{s.version + 1, a.value}
}

// model tells porcupine which states may follow: none after a wrong answer, two
// where the answer was lost, for the line may have arrived or not.
var model = porcupine.NondeterministicModel{
	Init: func() []any { return []any{state{}} },
	Step: func(before, input, output any) []any {
		answer, after := obey(before.(state), input.(asked))
		switch output {
		case lost:
			return []any{before, after}
		case answer:
			return []any{after}
		}
		return nil
	},
}

// CRUD-18
func TestOneKeyIsLinearizable(t *testing.T) {
	const clients, kills, each = 8, 3, 120
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	path := filepath.Join(t.TempDir(), "crud.db")
	log := history{began: time.Now()}
	for round := range kills + 1 {
		server := startOn(t, path)
		var answered atomic.Int64
		var talks sync.WaitGroup
		for client := range clients {
			id := round*clients + client
			random := rand.New(rand.NewPCG(seed, uint64(id)))
			talks.Go(func() {
				conn, err := net.Dial("tcp", server.Addr)
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				in := bufio.NewReader(conn)
				for n := range each {
					if !log.ask(conn, in, randomLine(random, fmt.Sprintf("%d-%d", id, n))) {
						return
					}
					if answered.Add(1) == clients*each/2 && round < kills {
						server.Signal(syscall.SIGKILL)
					}
				}
			})
		}
		talks.Wait()
		server.Signal(syscall.SIGKILL)
		server.Wait()
	}
	if result := porcupine.CheckOperationsTimeout(model.ToModel(), log.operations, time.Minute); result != porcupine.Ok {
		t.Errorf("the history of %d operations: %s", len(log.operations), result)
	}
	t.Logf("%v", log.kinds())
}

// A history is what was asked and answered, and when.
type history struct {
	began time.Time
	// mu guards operations.
	mu         sync.Mutex
	operations []porcupine.Operation
}

// ask says a, and notes the answer; if it is lost it may come true at any time
// later. It returns false then.
func (h *history) ask(to io.Writer, from *bufio.Reader, a asked) bool {
	op := porcupine.Operation{Input: a, Output: lost, Return: math.MaxInt64}
	op.Call = time.Since(h.began).Nanoseconds()
	_, err := io.WriteString(to, a.line())
	var answer string
	if err == nil {
		answer, err = from.ReadString('\n')
	}
	if err == nil {
		op.Output, op.Return = answer, time.Since(h.began).Nanoseconds()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	op.ClientId = len(h.operations) // each a client of its own: the times say the order
	h.operations = append(h.operations, op)
	return err == nil
}

// kinds counts the answers.
func (h *history) kinds() map[string]int {
	counts := map[string]int{}
	for _, op := range h.operations {
		kind, _, _ := strings.Cut(op.Output.(string), " k")
		counts[kind]++
	}
	return counts
}

// randomLine asks something about the key; small versions are likely to be right.
func randomLine(random *rand.Rand, value string) asked {
	a := asked{word: []string{"create", "read", "read", "update", "update", "update", "delete"}[random.IntN(7)]}
	if a.word == "create" || a.word == "update" {
		a.value = value
	}
	if (a.word == "update" || a.word == "delete") && random.IntN(2) == 0 {
		a.only = 1 + random.IntN(5)
	}
	return a
}
