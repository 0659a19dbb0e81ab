package main

// What the hub knows about names: who has which, and whose it is.

// rename gives c another name, which must be free.
func (h *hub) rename(c *client, to name) error {
	h.mu.Lock()
	defer h.unlock()
	if c.nick.key == "" {
		return errGone
	}
	if owner := h.people[to.key]; owner != nil && owner != c {
		return refuse("taken", "%s is here already; choose another name", owner.nick.shown)
	}
	h.call(c, to)
	return nil
}

// mayRegister reports whether c may make an account of that name: not while
// somebody else is called so.
func (h *hub) mayRegister(c *client, as name) error {
	h.mu.Lock()
	defer h.unlock()
	if owner := h.people[as.key]; owner != nil && owner != c {
		return refuse("taken", "%s is here already; choose another name", owner.nick.shown)
	}
	return nil
}

// logIn notes that c is the owner of an account, says so, and gives it the
// account's name. Whoever has that name gets a guest's: somebody took it while
// the account was being made, or its owner has left a connection behind.
func (h *hub) logIn(c *client, account name, said []byte) error {
	h.mu.Lock()
	defer h.unlock()
	if c.nick.key == "" {
		return errGone
	}
	c.hear(said)
	if other := h.people[account.key]; other != nil && other != c {
		other.hear(notice("%s belongs to somebody who has logged in", other.nick.shown))
		other.account = ""
		h.call(other, other.guest)
	}
	c.account = account.key
	h.call(c, account)
	return nil
}

// call gives c a name that nobody else has, and tells everybody whom it
// concerns. Where c has it already, that is c alone.
func (h *hub) call(c *client, to name) {
	if to != c.nick {
		h.tellNeighbours(c, notice("%s is now %s", c.nick.shown, to.shown))
		delete(h.people, c.nick.key)
		c.nick = to
		h.people[to.key] = c
	}
	c.hear(notice("you are now %s", to.shown))
}

// accountOf is the account that c is logged in to; "": none.
func (h *hub) accountOf(c *client) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return c.account
}
