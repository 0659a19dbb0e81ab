package store

import (
	"bufio"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"socketlab/kit/nettest"
)

func TestMain(m *testing.M) { nettest.Main(m, writeUntilKilled) }

const (
	crashWriters = 8
	crashKeys    = 20 // of each writer
)

// step makes the n-th change of a writer: it creates each of its keys, updates
// each twice, deletes each, and so on.
func step(writer, n int) (key string, c change) {
	key = fmt.Sprintf("w%d-%d", writer, n%crashKeys)
	c.version = uint64(n/crashKeys+1) % 4
	if c.version > 0 {
		c.value = strings.Repeat(fmt.Sprint(n, "."), 1+n%200)
	}
	return key, c
}

// stateAfter is what a writer's keys are after n changes.
func stateAfter(writer, n int) map[string]change {
	state := map[string]change{}
	for i := max(0, n-4*crashKeys); i < n; i++ {
		key, c := step(writer, i)
		state[key] = c
		if c.version == 0 {
			delete(state, key)
		}
	}
	return state
}

// writeUntilKilled is the program that the test kills. Its arguments are the
// path of the store, and where each writer goes on. It prints `writer n` for
// each change that was acknowledged.
func writeUntilKilled() {
	s, err := openLimited(os.Args[1], quiet(), small)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	var writers sync.WaitGroup
	for writer := range crashWriters {
		first, err := strconv.Atoi(os.Args[2+writer])
		if err != nil {
			panic(err)
		}
		writers.Go(func() {
			for n := first; ; n++ {
				if err := makeStep(s, writer, n); err != nil {
					fmt.Println(err)
					os.Exit(1)
				}
				fmt.Printf("%d %d\n", writer, n)
			}
		})
	}
	writers.Wait()
}

func makeStep(s *Store, writer, n int) error {
	key, c := step(writer, n)
	switch c.version {
	case 0:
		return s.Delete(key, 3)
	case 1:
		return s.Create(key, c.value)
	}
	_, err := s.Update(key, c.value, c.version-1)
	return err
}

// A process is killed in the middle of writing, again and again. All that it
// said it had done is there, what it was at may be, and nothing by halves. The
// layers are small, so that it is also killed while they settle.
func TestCrash(t *testing.T) {
	path := newPath(t)
	next := make([]int, crashWriters) // the change that each writer makes next
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 10 {
		args := []string{path}
		for _, n := range next {
			args = append(args, strconv.Itoa(n))
		}
		killAfter(t, args, 1+random.IntN(1500), func(writer, n int) {
			if n != next[writer] {
				t.Fatalf("writer %d made change %d instead of %d", writer, n, next[writer])
			}
			next[writer]++
		})
		s := openStore(t, path, small)
		found := make([]map[string]change, crashWriters)
		for i := range found {
			found[i] = map[string]change{}
		}
		for _, r := range everything(t, s) {
			var writer int
			fmt.Sscanf(r.Key, "w%d-", &writer)
			found[writer][r.Key] = change{r.Version, r.Value}
		}
		for writer := range found {
			if maps.Equal(found[writer], stateAfter(writer, next[writer]+1)) {
				next[writer]++ // the one it was at
			} else if !maps.Equal(found[writer], stateAfter(writer, next[writer])) {
				t.Fatalf("after %d changes of writer %d there is %v", next[writer], writer, found[writer])
			}
		}
		closeStore(t, s)
	}
	total := 0
	for _, n := range next {
		total += n
	}
	t.Logf("%d changes", total)
}

// killAfter runs writeUntilKilled and kills it when it has made so many changes.
// It calls made for each, also those that it hears of after that.
func killAfter(t *testing.T, args []string, changes int, made func(writer, n int)) {
	t.Helper()
	cmd := nettest.Command(t, nil, args)
	said, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	defer cmd.Process.Kill()
	lines := bufio.NewScanner(said)
	for count := 1; lines.Scan(); count++ {
		var writer, n int
		if _, err := fmt.Sscanf(lines.Text(), "%d %d", &writer, &n); err != nil {
			t.Fatalf("it says %s", lines.Text())
		}
		made(writer, n)
		if count == changes {
			must(t, cmd.Process.Signal(syscall.SIGKILL))
		}
	}
	must(t, lines.Err())
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != -1 {
		t.Fatalf("it was not killed: %v", err)
	}
}
