package accounts

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"
)

// mustWait wants err to say that one must wait for so many seconds.
func mustWait(t *testing.T, err error, seconds int) {
	t.Helper()
	var tooMany *TooManyTries
	if !errors.As(err, &tooMany) || tooMany.Wait != time.Duration(seconds)*time.Second {
		t.Errorf("got %v, want to wait for %d s", err, seconds)
	}
}

// A name that exists and one that does not are bounded in the same way.
func TestFiveWrongTriesAndThenOneInHalfAMinute(t *testing.T) {
	for _, key := range []string{"alice", "nobody"} {
		t.Run(key, func(t *testing.T) {
			s, clock := openNew(t)
			register(t, s, "Alice")
			hashes := countHashes(s)
			for range 5 {
				login(t, s, key, wrong, "", ErrWrong)
			}
			_, err := s.Login(t.Context(), key, wrong)
			mustWait(t, err, 30)
			_, err = s.Login(t.Context(), key, good) // the right one does not help
			mustWait(t, err, 30)
			clock.Advance(10500 * time.Millisecond)
			_, err = s.Login(t.Context(), key, wrong)
			mustWait(t, err, 20)
			mustWait(t, s.ChangePassword(t.Context(), key, wrong, good), 20)
			if *hashes != 5 {
				t.Errorf("%d hashes for 5 tries", *hashes)
			}
			clock.Advance(20 * time.Second)
			login(t, s, key, wrong, "", ErrWrong)
			_, err = s.Login(t.Context(), key, wrong)
			mustWait(t, err, 30)
			clock.Advance(time.Hour)
			for range 5 { // they do not pile up
				login(t, s, key, wrong, "", ErrWrong)
			}
			_, err = s.Login(t.Context(), key, wrong)
			mustWait(t, err, 30)
		})
	}
}

// What must be waited for is rounded up, whatever fraction of a token is there.
func TestAfterTheWaitOneMayTry(t *testing.T) {
	clock := newClock()
	tries := newTries(clock.Now)
	waits := 0
	for i := range 10000 {
		clock.Advance(time.Duration(i%97) * 100 * time.Millisecond)
		_, err := tries.take("alice")
		var tooMany *TooManyTries
		if !errors.As(err, &tooMany) {
			continue
		}
		waits++
		clock.Advance(tooMany.Wait)
		if _, err := tries.take("alice"); err != nil {
			t.Fatalf("waited for %v, and then: %v", tooMany.Wait, err)
		}
	}
	if waits < 5000 {
		t.Errorf("only %d waits", waits)
	}
}

func TestTriesAtOneNameDoNotCountForAnother(t *testing.T) {
	s, _ := openNew(t)
	register(t, s, "Alice", "Bob")
	for s.tries.place("alice") == s.tries.place("bob") {
		s.tries = newTries(s.options.Clock) // one time in 4,096
	}
	for range 5 {
		login(t, s, "alice", wrong, "", ErrWrong)
	}
	login(t, s, "bob", good, "Bob", nil)
	_, err := s.Login(t.Context(), "alice", good)
	mustWait(t, err, 30)
}

func TestTheRightPasswordCostsNoTry(t *testing.T) {
	s, clock := openNew(t)
	register(t, s, "Alice")
	// A login takes its time: the clock moves between a token's taking and
	// its giving back.
	compare := s.hashing.compare
	s.hashing.compare = func(hash, password []byte) error {
		clock.Advance(time.Millisecond)
		return compare(hash, password)
	}
	for range 20 {
		login(t, s, "alice", good, "Alice", nil)
	}
	for range 4 {
		login(t, s, "alice", wrong, "", ErrWrong)
	}
	for range 20 {
		login(t, s, "alice", good, "Alice", nil)
		if err := s.ChangePassword(t.Context(), "alice", good, good); err != nil {
			t.Fatal(err)
		}
	}
	login(t, s, "alice", wrong, "", ErrWrong)
	_, err := s.Login(t.Context(), "alice", good)
	mustWait(t, err, 30)
}

// Somebody guesses while the owner's password is being checked, and is turned
// away: the owner gets the try back all the same.
func TestAGuesserDoesNotTakeTheOwnersTry(t *testing.T) {
	s, _ := openNew(t)
	register(t, s, "Alice")
	for range 4 {
		login(t, s, "alice", wrong, "", ErrWrong)
	}
	compare := s.hashing.compare
	s.hashing.compare = func(hash, password []byte) error {
		s.hashing.compare = compare
		for range 10 {
			_, err := s.Login(t.Context(), "alice", wrong)
			mustWait(t, err, 30)
		}
		return compare(hash, password)
	}
	login(t, s, "alice", good, "Alice", nil)
	login(t, s, "alice", good, "Alice", nil)
}

func TestManyGuessesAtOnceAreNotCheaper(t *testing.T) {
	s, _ := openNew(t)
	register(t, s, "Alice")
	results := make(chan error, 40)
	var all sync.WaitGroup
	for i := range cap(results) {
		all.Go(func() {
			password := fmt.Sprintf("guess number %d", i)
			var err error
			if i%2 == 0 {
				_, err = s.Login(t.Context(), "alice", password)
			} else {
				err = s.ChangePassword(t.Context(), "alice", password, good)
			}
			results <- err
		})
	}
	all.Wait()
	close(results)
	tried := 0
	for err := range results {
		if errors.Is(err, ErrWrong) {
			tried++
		}
	}
	if tried != 5 {
		t.Errorf("%d guesses were looked at", tried)
	}
}

func TestInventedNamesTakeNoMemory(t *testing.T) {
	tries := newTries(newClock().Now)
	i := 0
	allocated := testing.AllocsPerRun(10000, func() {
		i++
		if giveBack, err := tries.take("a name"); err == nil && i%2 == 0 {
			giveBack()
		}
	})
	if len(tries.limiters) != 4096 || allocated > 3 {
		t.Errorf("%d places, %v allocations a try", len(tries.limiters), allocated)
	}
}
