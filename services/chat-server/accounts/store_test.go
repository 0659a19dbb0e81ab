package accounts

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

const (
	good  = "correct horse"
	wrong = "battery staple"
)

// clock is a clock that stands still until it is moved.
type clock struct {
	// mu guards now.
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// open opens the file at path, and hashes as fast as bcrypt can.
func open(t testing.TB, path string) (*Store, *clock) {
	t.Helper()
	clock := newClock()
	s, err := Open(path, Options{Cost: bcrypt.MinCost, Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, clock
}

// openNew opens a file that is not there yet.
func openNew(t testing.TB) (*Store, *clock) {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "accounts.db"))
}

// register registers the names, each with the password good.
func register(t testing.TB, s *Store, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := s.Register(t.Context(), strings.ToLower(name), name, good); err != nil {
			t.Fatalf("register %s: %v", name, err)
		}
	}
}

// countHashes makes s count what it gives bcrypt to do.
func countHashes(s *Store) *int {
	count := new(int)
	generate, compare := s.hashing.generate, s.hashing.compare
	s.hashing.generate = func(password []byte, cost int) ([]byte, error) {
		*count++
		return generate(password, cost)
	}
	s.hashing.compare = func(hash, password []byte) error {
		*count++
		return compare(hash, password)
	}
	return count
}

// login is a line of a transcript: who says which password, and what comes of
// it.
func login(t *testing.T, s *Store, key, password, wantName string, wantErr error) {
	t.Helper()
	name, err := s.Login(t.Context(), key, password)
	if name != wantName || !errors.Is(err, wantErr) {
		t.Errorf("login %s %q: %q, %v; want %q, %v", key, password, name, err, wantName, wantErr)
	}
}

func TestWhoHasRegisteredCanLogIn(t *testing.T) {
	s, _ := openNew(t)
	if s.Registered("alice") {
		t.Error("alice is registered before she has registered")
	}
	register(t, s, "Alice", "Bob")
	if !s.Registered("alice") || !s.Registered("bob") || s.Registered("carol") {
		t.Error("not alice and bob, and nobody else, are registered")
	}
	login(t, s, "alice", good, "Alice", nil)
	login(t, s, "alice", wrong, "", ErrWrong)
	login(t, s, "alice", "", "", ErrWrong)
	login(t, s, "carol", good, "", ErrWrong)
	login(t, s, "bob", good, "Bob", nil)
}

func TestWhatCannotBeRegistered(t *testing.T) {
	s, _ := openNew(t)
	register(t, s, "Alice")
	long := strings.Repeat("x", 200)
	tests := []struct {
		about, key, name, password string
		want                       error
		says                       string
	}{
		{"a name that is taken", "alice", "ALICE", good, ErrTaken, "taken"},
		{"an empty key", "", "Bob", good, ErrName, "1 to 200 bytes"},
		{"an empty name", "bob", "", good, ErrName, "1 to 200 bytes"},
		{"a key of 201 bytes", long + "x", "Bob", good, ErrName, "1 to 200 bytes"},
		{"a name of 201 bytes", "bob", long + "x", good, ErrName, "1 to 200 bytes"},
		{"a name that is not UTF-8", "bob", "Bob\xff", good, ErrName, "UTF-8"},
		{"an empty password", "bob", "Bob", "", ErrPassword, "8 characters or more"},
		{"7 characters", "bob", "Bob", "1234567", ErrPassword, "8 characters or more"},
		{"7 characters of 2 bytes", "bob", "Bob", "ééééééé", ErrPassword, "8 characters or more"},
		{"73 bytes", "bob", "Bob", strings.Repeat("x", 73), ErrPassword, "73 bytes, and 72 are the most"},
		{"8 characters", "c", "C", "12345678", nil, ""},
		{"8 characters of 2 bytes", "d", "D", "éééééééé", nil, ""},
		{"72 bytes", "e", "E", strings.Repeat("x", 72), nil, ""},
		{"200 bytes of name", long, long, good, nil, ""},
		{"a name like JSON and HTML", "\"}<", "\"}<&\u2028\x01\u00a0", good, nil, ""},
	}
	for _, test := range tests {
		t.Run(test.about, func(t *testing.T) {
			err := s.Register(t.Context(), test.key, test.name, test.password)
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			if err == nil {
				login(t, s, test.key, test.password, test.name, nil)
				return
			}
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("%q does not say %q", err, test.says)
			}
			if test.password != "" && strings.Contains(err.Error(), test.password) {
				t.Errorf("%q says the password", err)
			}
			if s.Registered("bob") {
				t.Error("it is registered all the same")
			}
		})
	}
}

func TestNoRoomForOneTooMany(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.db")
	s, err := Open(path, Options{Cost: bcrypt.MinCost, MaxAccounts: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	register(t, s, "Alice", "Bob")
	if err := s.Register(t.Context(), "carol", "Carol", good); !errors.Is(err, ErrFull) {
		t.Errorf("carol: %v", err)
	}
	login(t, s, "alice", good, "Alice", nil)
	if err := s.ChangePassword(t.Context(), "alice", good, wrong); err != nil {
		t.Errorf("a new password needs no room: %v", err)
	}
}

// together makes many callers of s hash at once, and has each of them wait with
// its hash for the others.
func together(s *Store, many int) {
	var others sync.WaitGroup
	others.Add(many)
	generate := s.hashing.generate
	s.hashing.running = make(chan struct{}, many)
	s.hashing.generate = func(password []byte, cost int) ([]byte, error) {
		hash, err := generate(password, cost)
		others.Done()
		others.Wait()
		return hash, err
	}
}

func TestOfManyAtOnceOneGetsTheName(t *testing.T) {
	s, _ := openNew(t)
	const many = 50
	together(s, many)
	results := make([]error, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			results[i] = s.Register(t.Context(), "alice", fmt.Sprintf("Alice%d", i), fmt.Sprintf("password %d", i))
		})
	}
	all.Wait()
	winner := slices.Index(results, nil)
	if winner < 0 {
		t.Fatalf("nobody got it: %v", results)
	}
	for i, err := range results {
		if i != winner && !errors.Is(err, ErrTaken) {
			t.Errorf("%d: %v", i, err)
		}
	}
	login(t, s, "alice", fmt.Sprintf("password %d", winner), fmt.Sprintf("Alice%d", winner), nil)
}

func TestDifferentNamesAtOnceAreAllKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.db")
	s, _ := open(t, path)
	const many = 50
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			name := fmt.Sprintf("User%d", i)
			if err := s.Register(t.Context(), strings.ToLower(name), name, good); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	s.Close()
	kept, err := Read(path)
	if err != nil || len(kept) != many {
		t.Errorf("%d of %d were kept, %v", len(kept), many, err)
	}
}

func TestANameThatIsTakenIsNotHashedFor(t *testing.T) {
	s, _ := openNew(t)
	register(t, s, "Alice")
	hashes := countHashes(s)
	if err := s.Register(t.Context(), "alice", "Alice", good); !errors.Is(err, ErrTaken) {
		t.Error(err)
	}
	if *hashes != 0 {
		t.Errorf("%d hashes", *hashes)
	}
}

// Nobody can tell a name that does not exist from a wrong password: not by the
// error, and not by the work that is done.
func TestAStrangersNameLooksLikeAWrongPassword(t *testing.T) {
	s, _ := openNew(t)
	register(t, s, "Alice")
	hashes := countHashes(s)
	_, known := s.Login(t.Context(), "alice", wrong)
	forKnown := *hashes
	_, unknown := s.Login(t.Context(), "nobody", wrong)
	if forUnknown := *hashes - forKnown; forKnown != 1 || forUnknown != 1 {
		t.Errorf("%d hashes for a wrong password, %d for a stranger", forKnown, forUnknown)
	}
	if known != ErrWrong || unknown != ErrWrong {
		t.Errorf("%v and %v", known, unknown)
	}
	changeKnown := s.ChangePassword(t.Context(), "alice", wrong, good)
	changeUnknown := s.ChangePassword(t.Context(), "nobody", wrong, good)
	if changeKnown != ErrWrong || changeUnknown != ErrWrong || *hashes != 4 {
		t.Errorf("to change it: %v and %v, %d hashes in all", changeKnown, changeUnknown, *hashes)
	}
}

func TestBcryptsLimitIsNotAWayIn(t *testing.T) {
	s, _ := openNew(t)
	long := strings.Repeat("x", 72)
	if err := s.Register(t.Context(), "alice", "Alice", long); err != nil {
		t.Fatal(err)
	}
	login(t, s, "alice", long, "Alice", nil)
	login(t, s, "alice", long+"y", "", ErrWrong)
}

func TestANewPasswordTakesTheOldOnesPlace(t *testing.T) {
	s, _ := openNew(t)
	register(t, s, "Alice")
	const fresh = "a new password"
	if err := s.ChangePassword(t.Context(), "alice", good, "short"); !errors.Is(err, ErrPassword) {
		t.Errorf("a short one: %v", err)
	}
	if err := s.ChangePassword(t.Context(), "alice", wrong, fresh); !errors.Is(err, ErrWrong) {
		t.Errorf("who does not know the old one: %v", err)
	}
	login(t, s, "alice", good, "Alice", nil)
	if err := s.ChangePassword(t.Context(), "alice", good, fresh); err != nil {
		t.Fatal(err)
	}
	login(t, s, "alice", good, "", ErrWrong)
	login(t, s, "alice", fresh, "Alice", nil)
}

func TestOfTwoNewPasswordsAtOnceOneIsSet(t *testing.T) {
	s, _ := openNew(t)
	register(t, s, "Alice")
	together(s, 2) // both have shown that they know the old one
	passwords := []string{"password one", "password two"}
	results := make([]error, 2)
	var all sync.WaitGroup
	for i, password := range passwords {
		all.Go(func() { results[i] = s.ChangePassword(t.Context(), "alice", good, password) })
	}
	all.Wait()
	winner := slices.Index(results, nil)
	if winner < 0 || results[1-winner] != ErrWrong {
		t.Fatalf("%v", results)
	}
	login(t, s, "alice", passwords[winner], "Alice", nil)
}

func TestARestartKeepsAccounts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "accounts.db")
	s, clock := open(t, path)
	register(t, s, "Alice")
	clock.Advance(time.Hour)
	register(t, s, "Bob")
	if err := s.ChangePassword(t.Context(), "alice", good, "a new password"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	again, _ := open(t, path)
	login(t, again, "alice", "a new password", "Alice", nil)
	login(t, again, "alice", good, "", ErrWrong)
	login(t, again, "bob", good, "Bob", nil)
	register(t, again, "Carol")
	again.Close()

	all, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range all {
		cost, err := bcrypt.Cost([]byte(a.Hash))
		got = append(got, fmt.Sprintf("%s %s %s cost %d %v", a.Key, a.Name, a.Created.Format(time.RFC3339), cost, err))
	}
	want := []string{
		"alice Alice 2026-01-31T12:00:00Z cost 4 <nil>",
		"bob Bob 2026-01-31T13:00:00Z cost 4 <nil>",
		"carol Carol 2026-01-31T12:00:00Z cost 4 <nil>",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
