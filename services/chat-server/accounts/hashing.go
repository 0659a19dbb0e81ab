package accounts

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"golang.org/x/crypto/bcrypt"
)

// maxWaiting is how many may wait for a hash. At 70 ms each, one at a time, the
// last of them waits for 4 to 5 s.
const maxWaiting = 64

// hashing is bcrypt, which is slow on purpose, for a server that has other
// things to do: it never takes more than half of the processors, however many
// strangers ask at once.
type hashing struct {
	cost    int
	inside  chan struct{} // a place for each who computes or waits
	running chan struct{} // a place for each who computes
	// generate and compare are bcrypt's. Tests count and delay them.
	generate func(password []byte, cost int) ([]byte, error)
	compare  func(hash, password []byte) error
}

func newHashing(cost int) *hashing {
	atOnce := max(1, runtime.GOMAXPROCS(0)/2)
	return &hashing{
		cost:     cost,
		inside:   make(chan struct{}, atOnce+maxWaiting),
		running:  make(chan struct{}, atOnce),
		generate: bcrypt.GenerateFromPassword,
		compare:  bcrypt.CompareHashAndPassword,
	}
}

// hash returns the bcrypt hash of password, or ErrBusy, or ctx's error.
func (h *hashing) hash(ctx context.Context, password string) (string, error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	hash, err := h.generate([]byte(password), h.cost)
	if err != nil {
		return "", fmt.Errorf("cannot hash a password: %w", err)
	}
	return string(hash), nil
}

// matches reports whether hash is that of password. It fails with ErrBusy or
// ctx's error.
//
// An empty hash stands for an account that does not exist; it matches nothing,
// and that takes as long as to find a password wrong. This is what is promised:
// the work for a stranger's name and for an account is the same, if the account
// was hashed at today's cost or at a lower one, which is then filled up. One
// that was hashed at a higher cost takes longer, and so shows that it exists.
func (h *hashing) matches(ctx context.Context, hash, password string) (bool, error) {
	if err := h.enter(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	if hash == "" {
		h.compare(nobody(h.cost), []byte(password))
		return false, nil
	}
	cost, err := bcrypt.Cost([]byte(hash))
	if err != nil {
		return false, fmt.Errorf("cannot check a password: %w", err)
	}
	err = h.compare([]byte(hash), []byte(password))
	// The work is 2^cost, and 2^8 + 2^8 + 2^9 is 2^10.
	for ; cost < h.cost; cost++ {
		h.compare(nobody(cost), []byte(password))
	}
	if errors.Is(err, bcrypt.ErrMismatchedHashAndPassword) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("cannot check a password: %w", err)
	}
	return true, nil
}

// nobody is a hash in the form of bcrypt's: its version, the cost, 22
// characters of salt and 31 of hash. Nobody knows a password for it.
func nobody(cost int) []byte {
	return fmt.Appendf(nil, "$2a$%02d$%s", cost, "nobodyHasThisSaltAndNobodyHasAPasswordForThisHash....")
}

// enter waits for a processor, unless too many wait already or ctx ends. leave
// must follow.
func (h *hashing) enter(ctx context.Context) error {
	select {
	case h.inside <- struct{}{}:
	default:
		return ErrBusy
	}
	select {
	case h.running <- struct{}{}:
		return nil
	case <-ctx.Done():
		<-h.inside
		return context.Cause(ctx)
	}
}

func (h *hashing) leave() {
	<-h.running
	<-h.inside
}
