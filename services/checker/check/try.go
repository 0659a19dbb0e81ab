package check

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"socketlab/kit/dial"
)

// A Try is one check under way: the connections that it has, and what was said
// on them. It belongs to the goroutine of the check; a check that needs several
// peers at work at once uses Together.
type Try struct {
	// Random is seeded with Seed and the check's title.
	Random *rand.Rand
	// Seed is the run's, for what several checks must know.
	Seed uint64

	ctx    context.Context
	limits Limits
	end    time.Time // when the whole check is over
	target string
	ln     *net.TCPListener // where the checker is the server
	other  string           // what it is called: "the server", "the client"
	// command starts the client; empty: somebody does by hand. program is
	// that client.
	command string
	wait    time.Duration // for the client
	program *program

	// mu guards all below, for checks with peers in several goroutines.
	mu      sync.Mutex
	steps   []step
	peers   []*Peer
	closers []func()
	crowd   bool   // Together: what the others do is not worth telling
	waiting string // for whom a person who watches is waiting
}

// A step is something that happened: who sent or heard what.
type step struct {
	peer      int
	who, verb string
	data      []byte // its beginning
	size      int
}

// What is kept to be shown. A check may send megabytes.
const (
	maxSteps    = 12
	maxStepData = 120  // bytes
	keptSteps   = 1000 // of which the last maxSteps are shown
)

// record keeps a step. Pieces of one stream are joined, so that how they were
// cut does not change what is shown.
func (t *Try) record(peer int, who, verb string, data []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if last := len(t.steps) - 1; last >= 0 && verb == "heard" && t.steps[last].peer == peer && t.steps[last].verb == verb {
		s := &t.steps[last]
		s.data = append(s.data, data[:min(len(data), max(0, maxStepData-len(s.data)))]...)
		s.size += len(data)
		return
	}
	if len(t.steps) == keptSteps {
		t.steps = append(t.steps[:0], t.steps[keptSteps/2:]...)
	}
	kept := append([]byte(nil), data[:min(len(data), maxStepData)]...)
	t.steps = append(t.steps, step{peer, who, verb, kept, len(data)})
}

// told is how much has been recorded so far, for forget.
func (t *Try) told() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.steps)
}

// forget drops the steps behind the first n: what is tried again is told once.
func (t *Try) forget(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.steps = t.steps[:min(n, len(t.steps))]
}

// story is what happened last, a line each. In a crowd it is what happened to
// the one who failed.
func (t *Try) story(of *Peer) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var lines []string
	for _, s := range t.steps {
		if t.crowd && of != nil && s.peer != of.id {
			continue
		}
		line := s.who + " " + s.verb
		switch {
		case s.size > len(s.data):
			line += fmt.Sprintf(" %d bytes, beginning with %s", s.size, show(s.data[:min(len(s.data), 40)]))
		case s.size > 0:
			line += " " + show(s.data)
		}
		lines = append(lines, line)
	}
	return lines[max(0, len(lines)-maxSteps):]
}

// fail ends the check with f.
func (t *Try) fail(f Failure) {
	if !t.crowd {
		t.hearOthers(f.of)
	}
	f.Steps = t.story(f.of)
	panic(&f)
}

// hearOthers notes what others have heard and nobody has expected yet: it may be
// what one has missed. It changes no verdict.
func (t *Try) hearOthers(missed *Peer) {
	t.mu.Lock()
	others := append([]*Peer(nil), t.peers...)
	t.mu.Unlock()
	for _, other := range others {
		if other != missed && !other.gone {
			other.peek()
		}
	}
}

// Fail ends the check: what does not hold is said by the format. It is for what
// Expect cannot say.
func (t *Try) Fail(format string, args ...any) {
	t.fail(Failure{What: fmt.Sprintf(format, args...), Column: -1})
}

// fault ends the check for a reason that is not the other side's.
func (t *Try) fault(err error) {
	if t.ctx.Err() != nil {
		panic(errStopped)
	}
	panic(&Fault{err})
}

// Dial connects to the server. name is what the peer is called in messages.
func (t *Try) Dial(name string) *Peer {
	t.setWaiting(name + " is connecting")
	conn, err := dial.TCP(t.ctx, t.target, min(t.limits.Answer, time.Until(t.end)))
	if err != nil {
		t.unconnected(name, err)
	}
	return t.adopt(name, name, conn)
}

// unconnected ends the check of a peer that could not connect.
func (t *Try) unconnected(name string, err error) {
	switch {
	case t.ctx.Err() != nil, isOurs(err):
		t.fault(err)
	case dial.IsTimeout(err):
		t.Fail("%s waited %v in vain for a connection: the server does not take it", name, t.limits.Answer)
	}
	t.Fail("%s could not connect, though the server was there before: it has ended, or takes nobody any more", name)
}

// DialNarrow connects a peer that will not read, on a connection that holds as
// little as possible for it: so the other side is soon stuck, and one sees soon
// that it is.
func (t *Try) DialNarrow(name string) *Peer {
	t.setWaiting(name + " is connecting")
	dialer := net.Dialer{Timeout: t.limits.Answer, Control: narrow}
	conn, err := dialer.DialContext(t.ctx, "tcp", t.target)
	if err != nil {
		t.unconnected(name, err)
	}
	p := t.adopt(name, name, conn.(*net.TCPConn))
	p.deaf = true
	return p
}

// adopt makes a Peer of a connection that caller has opened. It is closed when the check is over, or
// when somebody stops the checker.
func (t *Try) adopt(name, caller string, conn *net.TCPConn) *Peer {
	stop := context.AfterFunc(t.ctx, func() { conn.Close() })
	t.mu.Lock()
	t.closers = append(t.closers, func() {
		stop()
		conn.Close()
	})
	p := &Peer{Name: name, t: t, id: len(t.peers), conn: conn}
	t.peers = append(t.peers, p)
	t.mu.Unlock()
	t.record(p.id, caller, "connected", nil)
	return p
}

// close closes all connections of the check.
func (t *Try) close() {
	var wg sync.WaitGroup
	for _, p := range t.peers {
		wg.Go(p.leave)
	}
	wg.Wait()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, closeIt := range t.closers {
		closeIt()
	}
	t.closers = nil
}

// Together calls do for 0 to n-1, at most atOnce at a time, and ends the check
// with the first failure. do must not use t.Random.
func (t *Try) Together(n, atOnce int, do func(i int)) {
	t.crowd = true
	defer func() { t.crowd = false }()
	var wg sync.WaitGroup
	failed := make(chan any, n)
	places := make(chan struct{}, atOnce)
	for i := range n {
		places <- struct{}{}
		if len(failed) > 0 {
			break
		}
		wg.Go(func() {
			defer func() { <-places }()
			defer func() {
				if met := recover(); met != nil {
					failed <- met
				}
			}()
			do(i)
		})
	}
	wg.Wait()
	select {
	case met := <-failed:
		panic(met)
	default:
	}
}

func (t *Try) setWaiting(what string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting = what
}

// waitsFor is what the check waits for at the moment.
func (t *Try) waitsFor() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.waiting
}

// Word is a random word of six letters, for names and payloads.
func (t *Try) Word() string { return t.Letters(6) }

// Letters are n random letters.
func (t *Try) Letters(n int) string {
	letters := make([]byte, n)
	for i := range letters {
		letters[i] = byte('a' + t.Random.IntN(26))
	}
	return string(letters)
}

// Bytes are n random bytes of all values.
func (t *Try) Bytes(n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(t.Random.Uint32())
	}
	return data
}
