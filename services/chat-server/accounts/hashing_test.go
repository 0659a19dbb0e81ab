package accounts

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"

	"golang.org/x/crypto/bcrypt"
)

// slow returns a hashing whose compare takes until release is closed, and then
// says that the password is right. It must be made inside a synctest bubble:
// there, synctest.Wait returns when everybody waits for something.
func slow() (h *hashing, release chan struct{}) {
	h = newHashing(bcrypt.MinCost)
	release = make(chan struct{})
	h.compare = func(_, _ []byte) error {
		<-release
		return nil
	}
	return h, release
}

func TestHalfOfTheProcessorsAtMost(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for processors, want := range map[int]int{1: 1, 2: 1, 3: 1, 4: 2, 8: 4} {
		runtime.GOMAXPROCS(processors)
		h := newHashing(bcrypt.MinCost)
		if atOnce, waiting := cap(h.running), cap(h.inside)-cap(h.running); atOnce != want || waiting != 64 {
			t.Errorf("%d processors: %d at once, %d may wait", processors, atOnce, waiting)
		}
	}
}

func TestSomeComputeSomeWaitAndTheRestHearThatItIsBusy(t *testing.T) {
	hash := string(nobody(bcrypt.MinCost))
	synctest.Test(t, func(t *testing.T) {
		h, release := slow()
		places := cap(h.inside)
		results := make(chan error, places+10)
		for range cap(results) {
			go func() {
				_, err := h.matches(t.Context(), hash, good)
				results <- err
			}()
		}
		synctest.Wait()
		if len(results) != 10 {
			t.Errorf("%d of %d have heard at once", len(results), cap(results))
		}
		for range len(results) {
			if err := <-results; !errors.Is(err, ErrBusy) {
				t.Errorf("heard %v", err)
			}
		}
		if _, err := h.hash(t.Context(), good); !errors.Is(err, ErrBusy) {
			t.Errorf("to register: %v", err)
		}
		close(release)
		for range places {
			if err := <-results; err != nil {
				t.Errorf("who waited heard %v", err)
			}
		}
		if _, err := h.hash(t.Context(), good); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

func TestNoMoreThanAllowedComputeAtOnce(t *testing.T) {
	hash := string(nobody(bcrypt.MinCost))
	synctest.Test(t, func(t *testing.T) {
		h, release := slow()
		started := make(chan struct{}, cap(h.inside))
		compare := h.compare
		h.compare = func(hash, password []byte) error {
			started <- struct{}{}
			return compare(hash, password)
		}
		for range cap(h.inside) {
			go h.matches(t.Context(), hash, good)
		}
		synctest.Wait()
		if len(started) != cap(h.running) {
			t.Errorf("%d have started, and %d may", len(started), cap(h.running))
		}
		close(release)
	})
}

func TestWhoWaitsLeavesWhenTheContextEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, release := slow()
		defer close(release)
		s := &Store{hashing: h, tries: newTries(newClock().Now)}
		for range cap(h.running) {
			go h.matches(t.Context(), "", good)
		}
		synctest.Wait()

		// More often than one may guess: who leaves has not guessed.
		for range 20 {
			ctx, cancel := context.WithCancel(t.Context())
			left := make(chan error, 1)
			go func() {
				_, err := s.Login(ctx, "alice", wrong)
				left <- err
			}()
			synctest.Wait()
			if len(left) != 0 {
				t.Fatalf("did not wait: %v", <-left)
			}
			cancel()
			synctest.Wait()
			if len(left) != 1 {
				t.Fatal("still waits")
			}
			if err := <-left; !errors.Is(err, context.Canceled) {
				t.Errorf("left with %v", err)
			}
		}
		if len(h.inside) != cap(h.running) {
			t.Errorf("%d places are still taken", len(h.inside)-cap(h.running))
		}
	})
}

// The work of a hash is 2^cost, so it can be added up.
func TestAnOlderCostIsFilledUp(t *testing.T) {
	older, err := bcrypt.GenerateFromPassword([]byte(good), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	h := newHashing(bcrypt.MinCost + 3)
	var costs []int
	compare := h.compare
	h.compare = func(hash, password []byte) error {
		cost, err := bcrypt.Cost(hash)
		if err != nil {
			t.Error(err)
		}
		costs = append(costs, cost)
		return compare(hash, password)
	}
	tests := []struct {
		about, hash, password string
		want                  bool
		costs                 []int
	}{
		{"an older account", string(older), good, true, []int{4, 4, 5, 6}},
		{"an older account, wrong", string(older), wrong, false, []int{4, 4, 5, 6}},
		{"a stranger", "", wrong, false, []int{7}},
	}
	for _, test := range tests {
		costs = nil
		right, err := h.matches(t.Context(), test.hash, test.password)
		if right != test.want || err != nil || !slices.Equal(costs, test.costs) {
			t.Errorf("%s: %v, %v, costs %v; want %v, costs %v", test.about, right, err, costs, test.want, test.costs)
		}
	}
}

func TestNobodysHashIsOneOfBcrypts(t *testing.T) {
	for cost := bcrypt.MinCost; cost <= bcrypt.MaxCost; cost++ {
		if got, err := bcrypt.Cost(nobody(cost)); got != cost || err != nil || len(nobody(cost)) != 60 {
			t.Errorf("cost %d: read as %d, %v", cost, got, err)
		}
	}
	err := bcrypt.CompareHashAndPassword(nobody(bcrypt.MinCost), []byte(good))
	if !errors.Is(err, bcrypt.ErrMismatchedHashAndPassword) {
		t.Errorf("to compare with it: %v", err)
	}
}
