package store

import (
	"sync"

	bolt "go.etcd.io/bbolt"
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

// commitAll is the committer, the one goroutine that changes things. It takes
// all requests that wait, and makes of them one group: they share the fsync,
// which is what takes the time. Meanwhile the next ones gather. So nobody ever
// waits for company, and the more come, the more share.
func (s *Store) commitAll() {
	c := committer{Store: s, pending: make(map[string]change)}
	var empty []*request
	for {
		group := s.queue.takeAll(empty)
		if len(group) == 0 {
			return
		}
		empty = group
		for rest := group; len(rest) > 0; {
			n := portion(rest)
			c.commit(rest[:n])
			rest = rest[n:]
		}
		clear(group) // else the next ones would keep these alive
	}
}

// maxGroup bounds one group, in bytes of values: it is in memory three times.
const maxGroup = 1 << 20

// portion returns how many of the requests make a group.
func portion(requests []*request) (n int) {
	bytes := 0
	for n = range requests {
		bytes += len(requests[n].value)
		if bytes > maxGroup {
			return max(n, 1)
		}
	}
	return len(requests)
}

// A committer decides on groups.
type committer struct {
	*Store
	// pending is what the group at work makes of its keys.
	pending map[string]change
	// created is how many records it adds, less those it takes out.
	created int
	buffer  []byte // the group, as the journal gets it
	failing bool   // the last group could not be written
}

// commit answers all of group.
func (c *committer) commit(group []*request) {
	clear(c.pending)
	c.created = 0
	c.buffer = newGroup(c.buffer)
	err := c.decideAll(group)
	if err == nil && len(c.pending) > 0 {
		err = c.write()
		c.note(err)
	}
	if err != nil {
		refuse(group, err)
	}
	for _, r := range group {
		close(r.done)
	}
	if cap(c.buffer) > 2*maxGroup {
		c.buffer = nil
	}
}

// decideAll answers the requests, provided that the group can be written. All
// look at home in one transaction.
//
// settling is taken before that begins: what it holds may get into home, and it
// may be gone from c, a moment later. recent needs no lock: nobody else changes
// it.
func (c *committer) decideAll(group []*request) error {
	c.mu.RLock()
	settling := c.settling
	c.mu.RUnlock()
	return c.home.view(func(tx *bolt.Tx) error {
		records := tx.Bucket(recordsBucket)
		for _, r := range group {
			now, err := c.versionOf(r, settling, records)
			if err != nil {
				return err
			}
			c.decide(r, now)
		}
		return nil
	})
}

// versionOf returns the version of the record that r is about, 0 for none.
func (c *committer) versionOf(r *request, settling *layer, records *bolt.Bucket) (uint64, error) {
	if made, ok := c.pending[r.key]; ok {
		r.leans = true
		return made.version, nil
	}
	if made, ok := c.recent.changes.Get(r.key); ok {
		return made.version, nil
	}
	if settling != nil {
		if made, ok := settling.changes.Get(r.key); ok {
			return made.version, nil
		}
	}
	version, _, err := c.home.find(records, r.key)
	return version, err
}

func (c *committer) decide(r *request, now uint64) {
	r.version, r.err = r.decide(r, now)
	if r.err != nil {
		return
	}
	switch {
	case now == 0:
		c.created++
	case r.version == 0:
		c.created--
	}
	made := change{r.version, r.value}
	c.pending[r.key] = made
	c.buffer = appendChange(c.buffer, r.key, made)
}

// write brings the group to the disk, and then to everybody's eyes: who has
// seen a change must not lose it in a crash.
func (c *committer) write() error {
	if err := c.makeRoom(); err != nil {
		return err
	}
	if err := c.journal.append(c.buffer); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count += uint64(c.created) // which may be negative: it wraps round and back
	for key, made := range c.pending {
		c.recent.put(key, made)
	}
	return nil
}

// note logs the first failure, and the first success after it.
func (c *committer) note(err error) {
	switch {
	case err != nil && !c.failing:
		c.log.WithError(err).Error("Cannot write: changes are refused")
	case err == nil && c.failing:
		c.log.Info("Writing works again")
	}
	c.failing = err != nil
}

// refuse takes back what was decided on the assumption that the group could be
// written. Who was refused for a reason of before keeps that.
func refuse(group []*request, err error) {
	for _, r := range group {
		if r.err == nil || r.leans {
			r.version, r.err = 0, &StorageError{err}
		}
	}
}
