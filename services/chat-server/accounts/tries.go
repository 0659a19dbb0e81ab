package accounts

import (
	"fmt"
	"hash/maphash"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	freeTries = 5                // wrong passwords in a row, and then
	tryEvery  = 30 * time.Second // one more after this time
	tryPlaces = 4096             // how many limiters there are
)

// TooManyTries is the error for who guesses too often. The right password is
// not tried either: else guessing could go on.
type TooManyTries struct {
	// Wait is when the next try is allowed, in whole seconds.
	Wait time.Duration
}

func (e *TooManyTries) Error() string {
	return fmt.Sprintf("too many wrong passwords for this name; try again in %v", e.Wait)
}

// tries bounds how often a password can be guessed, for each name. A name that
// nobody has registered is bounded too: otherwise the bound would tell which
// ones exist.
//
// Strangers can invent names without end, so a limiter for each name would fill
// the memory. Instead a name's hash picks one of a fixed number. Two names may
// share one, and then a guesser at one can make the owner of the other wait,
// which a guesser at that name could do as well. Nobody can look for names that
// share one, because the hash has a key that is new at each start.
type tries struct {
	clock func() time.Time
	seed  maphash.Seed

	// mu guards the limiters, from the look at the tokens to the taking of
	// one. (Each limiter has a lock of its own, but for one step at a time.)
	mu       sync.Mutex
	limiters [tryPlaces]*rate.Limiter
}

func newTries(clock func() time.Time) *tries {
	t := &tries{clock: clock, seed: maphash.MakeSeed()}
	for i := range t.limiters {
		t.limiters[i] = rate.NewLimiter(rate.Every(tryEvery), freeTries)
	}
	return t
}

// take pays for a try at key's password, or returns a *TooManyTries. giveBack
// undoes it, for a try that was right or was not made.
func (t *tries) take(key string) (giveBack func(), err error) {
	limiter := t.limiters[t.place(key)]
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock()
	// Not Reserve and then Cancel where one must wait: until it is cancelled,
	// and in part after that, a reservation takes a token from the others.
	if tokens := limiter.TokensAt(now); tokens < 1 {
		seconds := math.Ceil((1 - tokens) * tryEvery.Seconds())
		return nil, &TooManyTries{Wait: time.Duration(seconds) * time.Second}
	}
	token := limiter.ReserveN(now, 1)
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		// As of now, not as of later: a limiter takes no token back
		// whose time has passed.
		token.CancelAt(now)
	}, nil
}

// place returns which limiter is key's.
func (t *tries) place(key string) uint64 {
	return maphash.String(t.seed, key) % tryPlaces
}
