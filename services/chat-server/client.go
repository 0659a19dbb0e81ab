package main

import (
	"fmt"
	"sync"

	"golang.org/x/time/rate"

	"socketlab/kit/netserver"
)

// A client is a connection and who is at its other end. Two goroutines serve
// it: one reads and obeys (handler.go), one writes what is in the queue.
type client struct {
	conn  *netserver.Conn
	out   *queue
	limit *rate.Limiter // of what it says
	guest name          // what it is called until it chooses a name
	tries int           // wrong passwords; the reader's own

	// The hub guards all below.
	nick    name       // key "": not in the hub, or not any more
	account string     // the key of the account it is logged in to; "": none
	in      []*channel // in the order in which it joined them
	current *channel   // where its talk goes; nil: nowhere
	heard   uint64     // the last of the hub's news that it was told
}

func newClient(conn *netserver.Conn, limit *rate.Limiter) *client {
	guest := fmt.Sprintf("guest-%d", conn.ID())
	return &client{conn: conn, out: newQueue(), limit: limit, guest: name{guest, guest}}
}

// hear puts lines that answer the client itself into its queue.
func (c *client) hear(lines ...[]byte) { c.out.answer(lines...) }

// batch is how many bytes are written at once, at most, if they are several
// lines.
const batch = 16 << 10

// batches are what writers borrow to put lines together: a system call costs
// more than a copy, and a busy channel has many lines ready at once.
type batches struct{ pool sync.Pool }

func newBatches() *batches {
	return &batches{sync.Pool{New: func() any { return new([batch]byte) }}}
}

// write writes what the queue has, until it has ended or the connection has.
func (c *client) write(b *batches) error {
	for {
		lines := c.out.take()
		if len(lines) == 0 {
			return nil
		}
		if err := c.writeLines(lines, b); err != nil {
			return err
		}
		c.out.giveBack(lines)
	}
}

func (c *client) writeLines(lines [][]byte, b *batches) error {
	if len(lines) == 1 {
		_, err := c.conn.Write(lines[0])
		return err
	}
	buf := b.pool.Get().(*[batch]byte)
	defer b.pool.Put(buf)
	n := 0
	for _, line := range lines {
		if n+len(line) > len(buf) {
			if _, err := c.conn.Write(buf[:n]); err != nil {
				return err
			}
			n = 0
		}
		n += copy(buf[n:], line)
	}
	_, err := c.conn.Write(buf[:n])
	return err
}
