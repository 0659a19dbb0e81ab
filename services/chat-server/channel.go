package main

import "slices"

// A channel is a room. The hub guards it.
type channel struct {
	name    name
	members []*client // in the order of their coming
	history history
}

// remove takes a member out.
func (ch *channel) remove(c *client) {
	if i := slices.Index(ch.members, c); i >= 0 {
		ch.members = slices.Delete(ch.members, i, i+1)
	}
}

// find returns the channel among those that c is in whose key is key; nil:
// none.
func (c *client) find(key string) *channel {
	for _, ch := range c.in {
		if ch.name.key == key {
			return ch
		}
	}
	return nil
}
