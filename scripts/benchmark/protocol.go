package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
)

// A protocol is how a server talks: what it says when a client comes, "" for
// nothing, and what it answers.
type protocol struct {
	greeting string
	answer   func(message []byte) []byte
}

func echoes() protocol {
	return protocol{answer: func(message []byte) []byte { return message }}
}

// A turn is a message and the only right answer to it.
type turn struct{ message, answer []byte }

// turns prepares the answers, so that nobody has to while the clock runs.
func (p protocol) turns(messages [][]byte) []turn {
	var turns []turn
	for _, message := range messages {
		turns = append(turns, turn{message, p.answer(message)})
	}
	return turns
}

// longestAnswer is how much room the answers need, one at a time.
func longestAnswer(turns []turn) int {
	longest := 0
	for _, t := range turns {
		longest = max(longest, len(t.answer))
	}
	return longest
}

// awaitGreeting reads the greeting, which must be the right one.
func (p protocol) awaitGreeting(conn net.Conn) error {
	return expect(conn, []byte(p.greeting), make([]byte, len(p.greeting)))
}

// firstWords is the greeting and a first turn: then the server is known to serve
// this client, which is not left in the backlog.
func (p protocol) firstWords(conn net.Conn) error {
	if err := p.awaitGreeting(conn); err != nil {
		return err
	}
	hello := []byte("hello\n")
	t := turn{hello, p.answer(hello)}
	return t.take(conn, make([]byte, len(t.answer)))
}

// take sends the message and checks the answer. got is room for it.
func (t turn) take(conn net.Conn, got []byte) error {
	if _, err := conn.Write(t.message); err != nil {
		return err
	}
	return expect(conn, t.answer, got[:len(t.answer)])
}

// expect reads as much as want into got, which must be the same.
func expect(conn net.Conn, want, got []byte) error {
	if _, err := io.ReadFull(conn, got); err != nil {
		return err
	}
	if !bytes.Equal(got, want) {
		return fmt.Errorf("the server said other bytes than it should: %.80q for %.80q", got, want)
	}
	return nil
}
