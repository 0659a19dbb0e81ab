package main

import (
	"context"
	"errors"
	"fmt"

	"socketlab/crud-server/store"
	"socketlab/kit/netserver"
	"socketlab/kit/textline"
)

// records is what the server wants of a store; store.Store is one.
type records interface {
	// Read returns a record, or store.ErrMissing.
	Read(key string) (store.Record, error)
	// Create, Update and Delete return when the change is on the disk. The
	// last two, unless only is 0, want the record to be at that version.
	Create(key, value string) error
	Update(key, value string, only uint64) (version uint64, err error)
	Delete(key string, only uint64) error
	// Each calls each with every record whose key begins with prefix,
	// sorted, as they all were at one moment, and returns its error.
	Each(prefix string, each func(store.Record) error) error
	// Len returns how many records there are.
	Len() uint64
}

// What a line may have, in bytes. The longest that has a meaning is one that
// updates a record, with some blanks to spare.
const maxLine = maxValue + 1<<10

const goodbye = "BYE\n"

// errQuit is what a command returns to end the conversation.
var errQuit = errors.New("the client quits")

func handlerFor(db records) netserver.Handler {
	commands := commandTable()
	return func(_ context.Context, client *netserver.Conn) error {
		s := session{db: db, commands: commands, client: client, out: outbox{to: client}}
		s.in = textline.NewReader(&s, &s.out, maxLine)
		return s.run()
	}
}

// A session is the conversation with one client: a line in, its answer out.
type session struct {
	db       records
	commands []command
	client   *netserver.Conn
	in       *textline.Reader
	out      outbox
}

// Read is what the lines are read from. The line reader calls it when it has no
// complete line left: now, before waiting for the client, everything that was
// answered must go out. So one write answers all the lines of one read.
func (s *session) Read(p []byte) (int, error) {
	if err := s.out.flush(); err != nil {
		return 0, err
	}
	return s.client.Read(p)
}

func (s *session) run() error {
	for {
		line, err := s.in.ReadLine()
		switch {
		case errors.Is(err, textline.ErrTooLong):
			err = s.refuse("toolong a line has at most %d bytes", maxLine)
		case errors.Is(err, textline.ErrLeave):
			err = errQuit
		case err == nil:
			s.client.LogData("Received", line)
			err = s.answer(string(line))
		}
		if errors.Is(err, errQuit) {
			err = s.out.add(goodbye)
			return errors.Join(err, s.out.flush())
		}
		if err != nil {
			// The last line, where it had no end, has just been answered.
			if err := s.out.flush(); err != nil {
				return err
			}
			return err
		}
	}
}

// answer does what line says. It returns an error only if that ends the
// conversation.
func (s *session) answer(line string) error {
	c, args, err := parse(s.commands, line)
	if err == nil {
		err = c.run(s, args)
	}
	if err == nil {
		return nil
	}
	return s.answerError(err, args)
}

// answerError is the one place that turns errors into answers. It returns one
// that is none.
func (s *session) answerError(err error, args []string) error {
	var conflict *store.ConflictError
	var storage *store.StorageError
	var refused *refusal
	switch {
	case errors.As(err, &refused):
		return s.refuse("%s", refused.text)
	case errors.Is(err, store.ErrExists):
		return s.refuse("exists %s", args[0])
	case errors.Is(err, store.ErrMissing):
		return s.refuse("missing %s", args[0])
	case errors.As(err, &conflict):
		return s.refuse("conflict %s is at v%d", args[0], conflict.Version)
	case errors.As(err, &storage):
		return s.refuse("storage %s", explain(storage))
	case errors.Is(err, store.ErrClosed):
		return s.refuse("storage the server is stopping")
	}
	return err
}

func (s *session) refuse(format string, args ...any) error {
	return s.out.add("ERR ", fmt.Sprintf(format, args...), "\n")
}
