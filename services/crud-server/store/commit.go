package store

import bolt "go.etcd.io/bbolt"

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
	return c.home.View(func(tx *bolt.Tx) error {
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
	if !c.keys.mayHave(r.key) {
		return 0, nil
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
	c.keys.add(r.key)
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
