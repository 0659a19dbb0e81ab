package store

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
)

// Each change of a lone writer is on the disk before the next one is asked for.
// If the committer waited for company, this would wait for ever.
func TestALoneWriterDoesNotWait(t *testing.T) {
	s := openStore(t, newPath(t), usual)
	for i := range 50 {
		must(t, s.Create(fmt.Sprint(i), "v"))
	}
	if got := s.Groups(); got != 50 {
		t.Errorf("50 changes in %d transactions", got)
	}
}

// ask queues a change and does not wait for it.
func ask(s *Store, r request) *request {
	r.done = make(chan struct{})
	s.queue.add(&r)
	return &r
}

// busy makes the committer wait for the disk, with a change that it has taken,
// until the returned function is called.
func busy(t *testing.T, s *Store) (release func()) {
	t.Helper()
	tx, err := s.journal.db.Begin(true)
	must(t, err)
	first := ask(s, request{key: "first", decide: decideCreate})
	for taken := false; !taken; runtime.Gosched() {
		s.queue.mu.Lock()
		taken = len(s.queue.waiting) == 0
		s.queue.mu.Unlock()
	}
	return func() {
		t.Helper()
		must(t, tx.Rollback())
		<-first.done
		must(t, first.err)
	}
}

// While the disk is busy 64 come: they share one transaction.
func TestThoseWhoComeTogetherShareATransaction(t *testing.T) {
	s := openStore(t, newPath(t), usual)
	release := busy(t, s)
	var asked []*request
	for i := range 64 {
		asked = append(asked, ask(s, request{key: fmt.Sprint(i), decide: decideCreate}))
	}
	release()
	for _, r := range asked {
		<-r.done
		must(t, r.err)
	}
	if got := s.Groups(); got != 2 {
		t.Errorf("1 and 64 changes in %d transactions", got)
	}
}

// Changes of one key in one group see each other, in the order of their coming.
func TestAGroupIsASequence(t *testing.T) {
	path := newPath(t)
	s := openStore(t, path, usual)
	must(t, s.Create("old", "v"))
	release := busy(t, s)
	created := ask(s, request{key: "k", value: "one", decide: decideCreate})
	again := ask(s, request{key: "k", value: "other", decide: decideCreate})
	updated := ask(s, request{key: "k", value: "two", only: 1, decide: decideUpdate})
	late := ask(s, request{key: "k", value: "late", only: 1, decide: decideUpdate})
	deleted := ask(s, request{key: "old", decide: decideDelete})
	gone := ask(s, request{key: "old", decide: decideDelete})
	release()
	for _, r := range []*request{created, again, updated, late, deleted, gone} {
		<-r.done
	}
	must(t, created.err)
	expectError(t, ErrExists, again.err)
	must(t, updated.err)
	expectConflict(t, 2, late.err)
	must(t, deleted.err)
	expectError(t, ErrMissing, gone.err)
	for range 2 { // the second time from the disk
		expectRecord(t, s, Record{"k", 2, "two"})
		if got := len(everything(t, s)); got != 2 {
			t.Errorf("%d records", got)
		}
		closeStore(t, s)
		s = openStore(t, path, usual)
	}
}

// Sixteen people update one record, each only if nobody else has meanwhile: no
// update is lost.
func TestNoUpdateIsLost(t *testing.T) {
	const people, each = 16, 50
	s := openStore(t, newPath(t), small)
	must(t, s.Create("counter", "0"))
	var writers sync.WaitGroup
	for range people {
		writers.Go(func() {
			for done := 0; done < each; {
				now, err := s.Read("counter")
				if err != nil {
					t.Error(err)
					return
				}
				var n int
				fmt.Sscan(now.Value, &n)
				if _, err := s.Update("counter", fmt.Sprint(n+1), now.Version); err == nil {
					done++
				}
			}
		})
	}
	writers.Wait()
	expectRecord(t, s, Record{"counter", people*each + 1, fmt.Sprint(people * each)})
}

// A transaction may fail although the disk has it, when the last fsync does. The
// group was refused; the next one takes its place.
func TestARefusedGroupGivesWay(t *testing.T) {
	path := newPath(t)
	s := openStore(t, path, usual)
	must(t, s.Create("before", "v"))
	must(t, s.journal.append(appendChange(newGroup(nil), "refused", change{1, "v"}), 0))
	s.journal.about.last--
	s.journal.unsure = true
	must(t, s.Create("after", "v"))
	if s.journal.unsure {
		t.Error("the file was not mended")
	}
	closeStore(t, s)
	s = openStore(t, path, usual)
	if got := fmt.Sprint(everything(t, s)); got != "[{after 1 v} {before 1 v}]" {
		t.Errorf("the store has %s", got)
	}
}

// Groups of large values are cut, and one that is larger than a group is one.
func TestLargeValues(t *testing.T) {
	path := newPath(t)
	s := openStore(t, path, limit{changes: 100, bytes: 1 << 20})
	random := rand.NewChaCha8([32]byte{1})
	var asked []*request
	release := busy(t, s)
	for i := range 40 {
		value := make([]byte, []int{1, 100, 64 << 10, maxGroup + 1}[i%4])
		random.Read(value)
		asked = append(asked, ask(s, request{key: fmt.Sprint(i), value: string(value), decide: decideCreate}))
	}
	release()
	for _, r := range asked {
		<-r.done
		must(t, r.err)
	}
	closeStore(t, s)
	s = openStore(t, path, usual)
	for _, r := range asked {
		expectRecord(t, s, Record{r.key, 1, r.value})
	}
}
