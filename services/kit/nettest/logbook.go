package nettest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// Entry is one line of a JSON log.
type Entry map[string]any

// Logbook takes the log of a server under test, to wait for its lines. It is
// the io.Writer of a Logger, or of a Process.
type Logbook struct {
	// mu guards all below.
	mu      sync.Mutex
	part    []byte // a line that has not ended yet
	entries []Entry
	raw     []byte
	changed chan struct{} // closed and made anew at each change
}

// NewLogbook returns an empty Logbook.
func NewLogbook() *Logbook { return &Logbook{changed: make(chan struct{})} }

// Write takes a piece of the log.
func (b *Logbook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.raw = append(b.raw, p...)
	b.part = append(b.part, p...)
	for {
		line, rest, ended := bytes.Cut(b.part, []byte("\n"))
		if !ended {
			break
		}
		b.part = rest
		var entry Entry
		if json.Unmarshal(line, &entry) == nil {
			b.entries = append(b.entries, entry)
		}
	}
	close(b.changed)
	b.changed = make(chan struct{})
	return len(p), nil
}

// String is the whole log so far.
func (b *Logbook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.raw)
}

// All lists the lines so far whose msg is message.
func (b *Logbook) All(message string) []Entry {
	found, _ := b.find(message)
	return found
}

// Wait returns the lines whose msg is message, once there are count of them.
func (b *Logbook) Wait(t testing.TB, message string, count int) []Entry {
	t.Helper()
	var found []Entry
	b.wait(t, fmt.Sprintf("%d log lines %q", count, message), func() (bool, <-chan struct{}) {
		entries, changed := b.find(message)
		found = entries
		return len(found) >= count, changed
	})
	return found
}

// WaitLine returns the rest of the first line that begins with begin. It is for
// programs whose log is not JSON.
func (b *Logbook) WaitLine(t testing.TB, begin string) (rest string) {
	t.Helper()
	b.wait(t, fmt.Sprintf("a line that begins with %q", begin), func() (seen bool, changed <-chan struct{}) {
		rest, seen, changed = b.findLine(begin)
		return seen, changed
	})
	return rest
}

// wait calls seen again after each change, until it reports true.
func (b *Logbook) wait(t testing.TB, what string, seen func() (bool, <-chan struct{})) {
	t.Helper()
	limit := time.After(Limit)
	for {
		ok, changed := seen()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("waited %v for %s; the log:\n%s", Limit, what, b)
		}
	}
}

func (b *Logbook) find(message string) ([]Entry, <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var found []Entry
	for _, entry := range b.entries {
		if entry["msg"] == message {
			found = append(found, entry)
		}
	}
	return found, b.changed
}

func (b *Logbook) findLine(begin string) (rest string, found bool, changed <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for line := range strings.Lines(string(b.raw)) {
		if rest, ok := strings.CutPrefix(line, begin); ok && strings.HasSuffix(line, "\n") {
			return strings.TrimRight(rest, "\r\n"), true, b.changed
		}
	}
	return "", false, b.changed
}
