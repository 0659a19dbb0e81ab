package main

import (
	"cmp"
	"slices"
	"sync"
)

// How many channels there may be, and how many one may be in. With 100 lines
// of history each they are the largest part of what strangers can fill.
const (
	maxChannels    = 1000
	maxMemberships = 20
)

// A hub knows who is where, and carries every line from who says it to who
// hears it.
//
// One mutex guards all of it. To carry a line is to put it into the queues of
// those who hear it, which never waits, so the mutex is never held for long;
// and as only one line is carried at a time, all hear the lines of a channel in
// the same order. What a client is told about its own doing is put into its
// queue under the same mutex: `* you joined` stands before the first line that
// it hears there.
type hub struct {
	// mu guards all below, the channels, and what a client says it guards.
	mu       sync.Mutex
	people   map[string]*client  // by the key of their nick
	channels map[string]*channel // by their key
	news     uint64              // counts what is told to each neighbour once
	slow     []*client           // those who could not take a line; unlock drops them
}

func newHub() *hub {
	return &hub{
		people:   make(map[string]*client),
		channels: map[string]*channel{lobby.key: {name: lobby}},
	}
}

// carry puts line into the queues of everybody in ch but except, who may be
// nil.
func (h *hub) carry(ch *channel, line []byte, except *client) {
	for _, member := range ch.members {
		if member != except && !member.out.offer(line) {
			h.slow = append(h.slow, member)
		}
	}
}

// tellNeighbours puts line into the queues of all who share a channel with c,
// once each, and not into its own.
func (h *hub) tellNeighbours(c *client, line []byte) {
	h.news++
	c.heard = h.news
	for _, ch := range c.in {
		for _, member := range ch.members {
			if member.heard == h.news {
				continue
			}
			member.heard = h.news
			if !member.out.offer(line) {
				h.slow = append(h.slow, member)
			}
		}
	}
}

// tooSlow is why a client is dropped that does not take what it is sent.
const tooSlow = "too slow"

// unlock drops those who turned out to be too slow, and unlocks the hub. To
// tell the others of one may show that another is too slow as well.
func (h *hub) unlock() {
	for len(h.slow) > 0 {
		last := len(h.slow) - 1
		c := h.slow[last]
		h.slow = h.slow[:last]
		h.remove(c, tooSlow)
		// To close a socket waits for who uses it at the moment, and
		// nobody waits with the hub locked.
		go c.conn.Abort(tooSlow)
	}
	h.mu.Unlock()
}

// enter brings a new client in.
func (h *hub) enter(c *client) {
	h.mu.Lock()
	defer h.unlock()
	c.nick = c.guest
	h.people[c.nick.key] = c
	c.hear(notice("welcome, you are %s; /help lists the commands", c.nick.shown))
	h.add(c, h.channels[lobby.key])
}

// leave takes a client out. Its neighbours hear why; "": nothing. To leave twice is to leave
// once: the hub may have dropped it already.
func (h *hub) leave(c *client, why string) {
	h.mu.Lock()
	defer h.unlock()
	h.remove(c, why)
}

func (h *hub) remove(c *client, why string) {
	if c.nick.key == "" {
		return
	}
	if why != "" {
		h.tellNeighbours(c, notice("%s quit (%s)", c.nick.shown, why))
	}
	for _, ch := range c.in {
		h.takeOut(c, ch)
	}
	delete(h.people, c.nick.key)
	c.in, c.current, c.nick, c.account = nil, nil, name{}, ""
}

// takeOut removes c from ch, and ch from the hub if it was the last one there.
func (h *hub) takeOut(c *client, ch *channel) {
	ch.remove(c)
	if len(ch.members) == 0 && ch.name.key != lobby.key {
		delete(h.channels, ch.name.key)
	}
}

// join lets c go to a channel, which is made if there is none of that name.
func (h *hub) join(c *client, to name) error {
	h.mu.Lock()
	defer h.unlock()
	if c.nick.key == "" {
		return errGone
	}
	if ch := c.find(to.key); ch != nil {
		c.current = ch
		c.hear(notice("you talk in %s now", ch.name.shown))
		return nil
	}
	if len(c.in) >= maxMemberships {
		return refuse("toomany", "you are in %d channels; /part one of them", len(c.in))
	}
	ch := h.channels[to.key]
	if ch == nil {
		if len(h.channels) >= maxChannels {
			return refuse("toomany", "there are %d channels already; /join one of them, /channels lists them", maxChannels)
		}
		ch = &channel{name: to}
		h.channels[to.key] = ch
	}
	h.add(c, ch)
	return nil
}

// shownOnJoin is how many lines of history one sees who joins.
const shownOnJoin = 10

// add makes c a member of ch.
func (h *hub) add(c *client, ch *channel) {
	h.carry(ch, notice("%s joined %s", c.nick.shown, ch.name.shown), nil)
	ch.members = append(ch.members, c)
	c.in = append(c.in, ch)
	c.current = ch
	c.hear(notice("you joined %s, %d here", ch.name.shown, len(ch.members)))
	if lines := ch.history.last(shownOnJoin); len(lines) > 0 {
		c.hear(notice("history of %s, %d lines", ch.name.shown, len(lines)))
		c.hear(lines...)
	}
}

// part lets c leave a channel; key "" is the current one.
func (h *hub) part(c *client, key string) error {
	h.mu.Lock()
	defer h.unlock()
	ch, err := c.channel(key)
	if err != nil {
		return err
	}
	h.takeOut(c, ch)
	c.in = slices.DeleteFunc(c.in, func(other *channel) bool { return other == ch })
	h.carry(ch, notice("%s left %s", c.nick.shown, ch.name.shown), nil)
	c.hear(notice("you left %s", ch.name.shown))
	if c.current != ch {
		return nil
	}
	if len(c.in) == 0 {
		c.current = nil
		c.hear(notice("you are in no channel now"))
		return nil
	}
	c.current = c.in[len(c.in)-1]
	c.hear(notice("you talk in %s now", c.current.name.shown))
	return nil
}

// channel is the one of its channels that a client means; key "" is the
// current one. It is called with the hub locked.
func (c *client) channel(key string) (*channel, error) {
	switch {
	case c.nick.key == "":
		return nil, errGone
	case key == "" && c.current == nil:
		return nil, refuse("absent", "you are in no channel; /join one, as in /join #lobby")
	case key == "":
		return c.current, nil
	}
	if ch := c.find(key); ch != nil {
		return ch, nil
	}
	return nil, refuse("absent", "you are not in that channel; /join it first")
}

// say carries what c says in a channel; key "" is the current one.
func (h *hub) say(c *client, key, text string) error {
	return h.speak(c, key, text, spoken)
}

// act carries what c does, in its current channel.
func (h *hub) act(c *client, text string) error {
	return h.speak(c, "", text, acted)
}

func (h *hub) speak(c *client, key, text string, line func(channel, nick, text string) []byte) error {
	h.mu.Lock()
	defer h.unlock()
	ch, err := c.channel(key)
	if err != nil {
		return err
	}
	said := line(ch.name.shown, c.nick.shown, text)
	ch.history.add(said)
	h.carry(ch, said, c)
	return nil
}

// whisper carries what c says to one person.
func (h *hub) whisper(c *client, to, text string) error {
	h.mu.Lock()
	defer h.unlock()
	if c.nick.key == "" {
		return errGone
	}
	listener := h.people[keyOf(to)]
	if listener == nil {
		return refuse("nobody", "there is nobody of that name here")
	}
	if !listener.out.offer(whispered(c.nick.shown, text)) {
		h.slow = append(h.slow, listener)
	}
	return nil
}

// tellHistory answers /history.
func (h *hub) tellHistory(c *client, most int) error {
	h.mu.Lock()
	defer h.unlock()
	ch, err := c.channel("")
	if err != nil {
		return err
	}
	lines := ch.history.last(most)
	c.hear(notice("history of %s, %d lines", ch.name.shown, len(lines)))
	c.hear(lines...)
	return nil
}

// room is a channel and how many people are in it.
type room struct {
	name string
	size int
}

// rooms lists all channels, the largest first.
func (h *hub) rooms() []room {
	h.mu.Lock()
	list := make([]room, 0, len(h.channels))
	for _, ch := range h.channels {
		list = append(list, room{ch.name.shown, len(ch.members)})
	}
	h.mu.Unlock()
	slices.SortFunc(list, func(a, b room) int {
		return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(a.name, b.name))
	})
	return list
}

// who lists the first most nicks of a channel, and says how many there are; key
// "" is the current one of c. One need not be there to see who is.
func (h *hub) who(c *client, key string, most int) (shown string, nicks []string, all int, err error) {
	h.mu.Lock()
	defer h.unlock()
	ch := h.channels[key]
	if key == "" {
		if ch, err = c.channel(""); err != nil {
			return "", nil, 0, err
		}
	}
	if ch == nil {
		return "", nil, 0, refuse("absent", "there is no such channel; /channels lists them")
	}
	for _, member := range ch.members[:min(most, len(ch.members))] {
		nicks = append(nicks, member.nick.shown)
	}
	return ch.name.shown, nicks, len(ch.members), nil
}
