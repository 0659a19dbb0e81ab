package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
)

// A client is one of those that the load generator plays. Only a chat is told
// who it is.
type client struct {
	nick    string
	channel string // with its #
}

// A protocol is what the clients of a server say and hear.
type protocol struct {
	// enter makes conn the connection of who. It returns when the client is
	// known to be served, and not left in the backlog.
	enter func(conn net.Conn, who client) error
	// join is what who says to be in its channel. nil: the server has none,
	// or enter has done it.
	join func(who client) string
	// ping is answered by pong, a line, once all is done that the client has
	// asked for before. It goes with join and checkStep.
	ping, pong string
	// turn is what who says to bring a message across, and what must be
	// heard then: by who itself from a server that answers, by all others in
	// the channel from one that carries it to them.
	turn func(who client, message []byte) turn
	// create, read and list are what a client says to a server that keeps
	// records: to make r, to see it, to see all whose keys begin with
	// prefix, which are those.
	create, read func(r record) turn
	list         func(prefix []byte, those []record) turn
}

// A turn is what is said, and the only right thing to hear of it.
type turn struct{ said, heard []byte }

// answers is the protocol of a server that says greeting, "" for nothing, when
// a client comes, and then answers each message.
func answers(greeting string, answer func(message []byte) []byte) protocol {
	turnOf := func(_ client, message []byte) turn { return turn{message, answer(message)} }
	return protocol{
		enter: func(conn net.Conn, who client) error {
			if err := expect(conn, []byte(greeting), make([]byte, len(greeting))); err != nil {
				return err
			}
			hello := turnOf(who, []byte("hello\n"))
			return hello.take(conn, make([]byte, len(hello.heard)))
		},
		turn: turnOf,
	}
}

func echoes() protocol {
	return answers("", func(message []byte) []byte { return message })
}

// turns prepares the answers, so that nobody has to while the clock runs.
func (p protocol) turns(who client, messages [][]byte) []turn {
	var turns []turn
	for _, message := range messages {
		turns = append(turns, p.turn(who, message))
	}
	return turns
}

// checkStep finds out whether the server has said more than it was asked for,
// even where all answers are alike: the next to come must be the pong.
func (p protocol) checkStep(conn net.Conn) error {
	if p.ping == "" {
		return nil
	}
	t := turn{[]byte(p.ping), []byte(p.pong)}
	return t.take(conn, make([]byte, len(t.heard)))
}

// take sends what is said and checks the answer. got has room for it.
func (t turn) take(conn net.Conn, got []byte) error {
	if _, err := conn.Write(t.said); err != nil {
		return err
	}
	return expect(conn, t.heard, got[:len(t.heard)])
}

// expect reads as much as want into got, which must be the same. It does not
// wait for the rest of what begins otherwise: an error may be shorter.
func expect(in io.Reader, want, got []byte) error {
	for read := 0; read < len(want); {
		n, err := in.Read(got[read:])
		if !bytes.Equal(got[read:read+n], want[read:read+n]) {
			return otherBytes(want, got[:read+n])
		}
		read += n
		if err != nil && read < len(want) {
			return err
		}
	}
	return nil
}

func otherBytes(want, got []byte) error {
	return fmt.Errorf("the server said other bytes than it should: %.120q for %.120q", got, want)
}
