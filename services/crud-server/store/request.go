package store

import (
	"runtime"
	"sync"
)

// Create makes the record of key, at version 1. ErrExists: there is one.
func (s *Store) Create(key, value string) error {
	_, err := s.do(&request{key: key, value: value, decide: decideCreate})
	return err
}

// Update gives the record of key another value and returns its new version. If
// only is not 0, the record must be at that version: else a ConflictError.
func (s *Store) Update(key, value string, only uint64) (version uint64, err error) {
	return s.do(&request{key: key, value: value, only: only, decide: decideUpdate})
}

// Delete takes the record of key out; only is as for Update.
func (s *Store) Delete(key string, only uint64) error {
	_, err := s.do(&request{key: key, only: only, decide: decideDelete})
	return err
}

// A request is a change that a goroutine waits for.
type request struct {
	key, value string
	only       uint64
	// decide returns the version that the record gets, 0 for none, given
	// the version that it has.
	decide func(r *request, now uint64) (uint64, error)

	version uint64
	err     error
	// leans: the decision was about a change of the same group.
	leans bool
	done  chan struct{} // closed when version or err is the answer
}

func decideCreate(_ *request, now uint64) (uint64, error) {
	if now > 0 {
		return 0, ErrExists
	}
	return 1, nil
}

func decideUpdate(r *request, now uint64) (uint64, error) { return now + 1, r.mayChange(now) }

func decideDelete(r *request, now uint64) (uint64, error) { return 0, r.mayChange(now) }

func (r *request) mayChange(now uint64) error {
	switch {
	case now == 0:
		return ErrMissing
	case r.only != 0 && r.only != now:
		return &ConflictError{now}
	}
	return nil
}

// do queues r and waits for its answer.
func (s *Store) do(r *request) (version uint64, err error) {
	r.done = make(chan struct{})
	if !s.queue.add(r) {
		return 0, ErrClosed
	}
	<-r.done
	return r.version, r.err
}

// queue holds the requests that wait for the committer.
type queue struct {
	wake chan struct{} // has one element when there is something new

	// mu guards all below.
	mu      sync.Mutex
	waiting []*request
	closed  bool
}

// add returns false when the queue is closed.
func (q *queue) add(r *request) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.waiting = append(q.waiting, r)
	q.wakeUp()
	return true
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.wakeUp()
}

func (q *queue) wakeUp() {
	select {
	case q.wake <- struct{}{}:
	default: // it will be awake anyhow
	}
}

// takeAll waits until there is a request and returns all there are. It gives
// the queue empty to be filled again. nil: the queue is closed and empty.
func (q *queue) takeAll(empty []*request) []*request {
	for {
		<-q.wake
		// Who woke this goroutine made it the next to run. Those who are
		// about to ask go first, for they can share its fsync: on one core
		// groups were of one or two otherwise. It is no waiting for anybody
		// who is not there.
		runtime.Gosched()
		q.mu.Lock()
		all := q.waiting
		if len(all) > 0 || q.closed {
			q.waiting = empty[:0]
			if q.closed {
				q.wakeUp() // for the last look
			}
			q.mu.Unlock()
			return all
		}
		q.mu.Unlock()
	}
}
