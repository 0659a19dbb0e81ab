package mutants

import (
	"fmt"
	"strings"
	"sync"
)

// Durable lists the faults of a server whose records are to survive a kill.
func Durable() []Fault {
	const (
		written  = "changes are made, refused and confirmed"
		made     = "a record that was confirmed is there"
		last     = "the change that was confirmed last is there"
		values   = "a value comes back as it was, to the last blank"
		versions = "a record has the version that it had"
		deleted  = "what was deleted stays deleted"
		refused  = "what was refused was not done by the restart"
		lists    = "list shows these records, each once, and no others"
	)
	return []Fault{
		durable("counts-no-versions", written, &crud{noVersions: true}, &disk{}),
		durable("keeps-nothing", made, &crud{}, &disk{keepsNothing: true}),
		durable("confirms-before-it-writes", last, &crud{}, &disk{late: true}),
		durable("joins-words", values, &crud{}, &disk{joinsWords: true}),
		durable("forgets-versions", versions, &crud{}, &disk{forgetsVersions: true}),
		durable("keeps-no-deletes", deleted, &crud{}, &disk{keepsNoDeletes: true}),
		durable("writes-before-it-decides", refused, &crud{}, &disk{undecided: true}),
		durable("lists-each-line", lists, &crud{}, &disk{listsLines: true}),
	}
}

// durable is a fault of a server with a disk.
func durable(name, trips string, server *crud, d *disk) Fault {
	server.disk = d
	return Fault{Name: name, Trips: trips, Handle: server.handle, Restart: server.restart}
}

// A disk is the file that outlives a server, a line for each change. What is set
// differs from the right one.
type disk struct {
	keepsNothing, late, joinsWords, forgetsVersions, keepsNoDeletes, undecided, listsLines bool

	mu    sync.Mutex // guards all below
	lines []string
	// buffered is the change that a late disk has not written yet.
	buffered string
}

// keep writes a line of which answer says that it is a change. A server without
// a disk keeps nothing.
func (d *disk) keep(line, answer string) {
	if d == nil || d.keepsNothing {
		return
	}
	word, _, _ := strings.Cut(strings.TrimPrefix(answer, "OK "), " ")
	change := word == "created" || word == "updated" || word == "deleted" && !d.keepsNoDeletes
	if !change && !(d.undecided && strings.HasPrefix(answer, "ERR ")) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.late {
		line, d.buffered = d.buffered, line
	}
	if line != "" {
		d.lines = append(d.lines, line)
	}
}

// restart forgets what is in memory and makes the disk's changes again.
func (c *crud) restart() {
	d := c.disk
	d.mu.Lock()
	lines := d.lines
	d.lines, d.buffered = nil, ""
	d.mu.Unlock()
	c.mu.Lock()
	c.records, c.last, c.order = nil, nil, nil
	c.mu.Unlock()
	for _, line := range lines {
		if d.joinsWords {
			line = strings.Join(strings.Fields(line), " ")
		}
		c.again(line)
	}
}

// again makes a change that the disk has kept.
func (c *crud) again(line string) {
	answer, _ := c.answer(line)
	words := c.words(line)
	key := words[1]
	c.mu.Lock()
	defer c.mu.Unlock()
	r := c.records[key]
	switch {
	case c.disk.undecided && strings.HasPrefix(answer, "ERR exists "):
		r.Value = words[2]
		c.records[key] = r
	case c.disk.forgetsVersions && r.Version > 1:
		r.Version = 1
		c.records[key] = r
	case c.disk.listsLines && strings.HasPrefix(answer, fmt.Sprintf("OK updated %s ", key)):
		c.order = append(c.order, key)
	}
}
