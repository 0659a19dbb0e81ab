package main

import (
	"fmt"
	"strings"

	"socketlab/crud-server/store"
)

// A command is a row of the table.
type command struct {
	// usage is the name and its arguments, help one line about it.
	name, usage, help string
	// least and most are how many arguments it has; text: the last one is
	// the rest of the line. key: the first one is a key.
	least, most int
	text, key   bool
	// run answers. What it returns is turned into an answer by
	// session.answer.
	run func(s *session, args []string) error
}

// commandTable is a function, not a variable, because help needs it.
func commandTable() []command {
	return []command{
		{
			name: "create", usage: "create KEY VALUE", help: "makes a record, if there is none of that key",
			least: 2, most: 2, text: true, key: true, run: create,
		},
		{
			name: "read", usage: "read KEY", help: "shows a record: its key, its version, its value",
			least: 1, most: 1, key: true, run: read,
		},
		{
			name: "update", usage: "update KEY [@VERSION] VALUE", help: "changes a value, with @VERSION only if it is at that one",
			least: 2, most: 2, text: true, key: true, run: update,
		},
		{
			name: "delete", usage: "delete KEY [@VERSION]", help: "takes a record out, with @VERSION only if it is at that one",
			least: 1, most: 2, key: true, run: remove,
		},
		{
			name: "list", usage: "list [PREFIX]", help: "shows all records, or those whose key begins with PREFIX, sorted",
			most: 1, run: list,
		},
		{
			name: "count", usage: "count [PREFIX]", help: "says how many records there are, or how many begin with PREFIX",
			most: 1, run: count,
		},
		{
			name: "export", usage: "export", help: "shows all records as lines of JSON, for crud-server -import",
			run: export,
		},
		{
			name: "help", usage: "help [COMMAND]", help: "shows what there is to say",
			most: 1, run: help,
		},
		{
			name: "quit", usage: "quit", help: "ends the conversation",
			run: quit,
		},
	}
}

func create(s *session, args []string) error {
	key, value := args[0], args[1]
	if err := checkValue(value); err != nil {
		return err
	}
	if err := s.db.Create(key, value); err != nil {
		return err
	}
	return s.out.add("OK created ", key, " v1\n")
}

func read(s *session, args []string) error {
	r, err := s.db.Read(args[0])
	if err != nil {
		return err
	}
	return s.out.addRecord("OK ", r)
}

// update takes a first word of `@` and a number for the version that the record
// must have. A value can still begin like that, behind such a word.
func update(s *session, args []string) error {
	key, value := args[0], args[1]
	var only uint64
	if word, rest, _ := strings.Cut(value, " "); isVersion(word) {
		only, value = versionOf(word), rest
	}
	if value == "" {
		return refuse("usage update KEY [@VERSION] VALUE")
	}
	if err := checkValue(value); err != nil {
		return err
	}
	version, err := s.db.Update(key, value, only)
	if err != nil {
		return err
	}
	return s.out.add(fmt.Sprintf("OK updated %s v%d\n", key, version))
}

// remove is delete, a name that Go has taken.
func remove(s *session, args []string) error {
	var only uint64
	if len(args) > 1 {
		if !isVersion(args[1]) {
			return refuse("usage delete KEY [@VERSION]")
		}
		only = versionOf(args[1])
	}
	if err := s.db.Delete(args[0], only); err != nil {
		return err
	}
	return s.out.add("OK deleted ", args[0], "\n")
}

func list(s *session, args []string) error {
	n := 0
	err := s.db.Each(prefix(args), func(r store.Record) error {
		n++
		return s.out.addRecord("", r)
	})
	if err != nil {
		return err
	}
	return s.out.add(fmt.Sprintf("OK %d records\n", n))
}

func count(s *session, args []string) error {
	n := uint64(0)
	if prefix(args) == "" {
		n = s.db.Len()
	} else if err := s.db.Each(prefix(args), func(store.Record) error { n++; return nil }); err != nil {
		return err
	}
	return s.out.add(fmt.Sprintf("OK %d records\n", n))
}

// prefix is the argument, or nothing, with which every key begins.
func prefix(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

func export(s *session, _ []string) error {
	if err := s.db.Each("", s.out.addJSON); err != nil {
		return err
	}
	return s.out.add("OK\n")
}

func help(s *session, args []string) error {
	shown := s.commands
	if len(args) > 0 {
		c, ok := find(s.commands, args[0])
		if !ok {
			return refuse("unknown %s, try help", shorten(args[0]))
		}
		shown = []command{c}
	}
	for _, c := range shown {
		s.out.add(fmt.Sprintf("%-28s %s\n", c.usage, c.help))
	}
	return s.out.add("OK\n")
}

func quit(*session, []string) error { return errQuit }
