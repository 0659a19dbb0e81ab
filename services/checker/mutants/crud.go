package mutants

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"socketlab/kit/textline"
)

// Crud lists the faults of a server that keeps records.
func Crud() []Fault {
	const (
		creates   = "create makes a record, and not twice"
		reads     = "read shows key, version and value"
		updates   = "update gives a new value and the next version"
		deletes   = "delete takes a record out, and it begins anew at version 1"
		blanks    = "a value keeps all its blanks"
		conflicts = "a change to an old version is a conflict"
		framing   = "lines may come joined, cut, with CR LF, and the last one without an end"
		words     = "command words may be in capitals, unknown ones and wrong ones are refused"
		limits    = "keys and lines have a limit"
		control   = "control characters do not get into a value"
		lists     = "list shows the records of a prefix, sorted by key"
		counts    = "count says how many"
		exports   = "export shows records as JSON"
		helps     = "help shows the commands"
		quits     = "quit, Ctrl-D and telnet's Ctrl-C are answered with BYE and a FIN"
		lost      = "of many changes at the same time none is lost"
	)
	return append([]Fault{
		{Name: "create-overwrites", Trips: creates, Handle: (&crud{overwrites: true}).handle},
		{Name: "what-is-missing-is-empty", Trips: reads, Handle: (&crud{missingIsEmpty: true}).handle},
		{Name: "counts-no-versions", Trips: updates, Handle: (&crud{noVersions: true}).handle},
		{Name: "remembers-what-was-deleted", Trips: deletes, Handle: (&crud{remembers: true}).handle},
		{Name: "splits-at-every-blank", Trips: blanks, Handle: (&crud{splits: true}).handle},
		{Name: "version-is-not-looked-at", Trips: conflicts, Handle: (&crud{noConflict: true}).handle},
		{Name: "one-read-is-one-message", Trips: framing, Handle: (&crud{lines: func(conn io.ReadWriter) lineReader { return chunks{conn} }}).handle},
		{Name: "only-small-letters", Trips: words, Handle: (&crud{smallLetters: true}).handle},
		{Name: "ends-at-a-short-command", Trips: words, Races: true, Handle: (&crud{panics: true}).handle},
		{Name: "no-limit", Trips: limits, Handle: (&crud{noLimit: true}).handle},
		{Name: "stores-escape-sequences", Trips: control, Handle: (&crud{takesAll: true}).handle},
		{Name: "list-is-not-sorted", Trips: lists, Handle: (&crud{unsorted: true}).handle},
		{Name: "counts-what-was-deleted", Trips: counts, Handle: (&crud{countsDeleted: true}).handle},
		{Name: "quotes-are-not-escaped", Trips: exports, Handle: (&crud{rawJSON: true}).handle},
		{Name: "no-help", Trips: helps, Handle: (&crud{noHelp: true}).handle},
		{Name: "no-BYE", Trips: quits, Handle: (&crud{noBYE: true}).handle},
		{Name: "compares-first-and-stores-later", Trips: lost, Races: true, Handle: (&crud{window: 2 * time.Millisecond}).handle},
	}, manyFaults(func() handler { return (&crud{}).talk })...)
}

// crud keeps records in memory. What is set differs from the right one.
type crud struct {
	overwrites, missingIsEmpty, noVersions, remembers, splits, noConflict, smallLetters, panics, noLimit, takesAll,
	unsorted, countsDeleted, rawJSON, noHelp, noBYE bool
	lines func(conn io.ReadWriter) lineReader
	// window is how long lies between looking at a record and storing it.
	window time.Duration
	// disk, where there is one, is told each line and its answer.
	disk *disk

	mu      sync.Mutex // guards all below
	records map[string]record
	order   []string       // of the keys' making
	last    map[string]int // versions of records that were deleted
	made    int
}

type record struct {
	Key     string `json:"key"`
	Version int    `json:"version"`
	Value   string `json:"value"`
}

func (c *crud) handle(s *Server, conn *net.TCPConn) { c.talk(s, conn) }

const crudMaxLine = 66560

func (c *crud) talk(_ *Server, conn io.ReadWriter) error {
	limit := crudMaxLine
	if c.noLimit {
		limit = 1 << 30
	}
	var in lineReader = textline.NewReader(conn, conn, limit)
	if c.lines != nil {
		in = c.lines(conn)
	}
	for {
		line, err := in.ReadLine()
		answer, ended := "", false
		switch {
		case errors.Is(err, textline.ErrTooLong):
			answer = "ERR toolong a line has at most 66560 bytes\n"
		case errors.Is(err, textline.ErrLeave):
			answer, ended = c.bye(), true
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		default:
			answer, ended = c.answer(string(line))
		}
		if _, err := io.WriteString(conn, answer); err != nil || ended {
			return err
		}
	}
}

func (c *crud) bye() string {
	if c.noBYE {
		return ""
	}
	return "BYE\n"
}

// usages are the commands, and how many words each needs.
var usages = []struct {
	name, usage string
	words       int
}{
	{"create", "create KEY VALUE", 3},
	{"read", "read KEY", 2},
	{"update", "update KEY [@VERSION] VALUE", 3},
	{"delete", "delete KEY [@VERSION]", 2},
	{"list", "list [PREFIX]", 1},
	{"count", "count [PREFIX]", 1},
	{"export", "export", 1},
	{"help", "help [COMMAND]", 1},
	{"quit", "quit", 1},
}

// answer answers a line, and says whether the talk is over.
func (c *crud) answer(line string) (answer string, ended bool) {
	words := c.words(line)
	if len(words) == 0 {
		return "ERR usage COMMAND [ARGUMENT …], try help\n", false
	}
	name := strings.ToLower(words[0])
	if c.smallLetters {
		name = words[0]
	}
	for _, row := range usages {
		if row.name != name {
			continue
		}
		if len(words) < row.words {
			return "ERR usage " + row.usage + "\n", c.panics
		}
		for len(words) < 3 {
			words = append(words, "")
		}
		if row.name == "quit" {
			return c.bye(), true
		}
		answer := c.do(row.name, words[1], words[2])
		c.disk.keep(line, answer)
		return answer + "\n", false
	}
	return "ERR unknown " + words[0] + ", try help\n", false
}

// words are the command, the key, and the rest.
func (c *crud) words(line string) []string {
	if c.splits {
		words := strings.Fields(line)
		if len(words) > 3 {
			return []string{words[0], words[1], strings.Join(words[2:], " ")}
		}
		return words
	}
	var words []string
	rest := line
	for len(words) < 2 {
		word, after, _ := strings.Cut(strings.TrimLeft(rest, " "), " ")
		if word == "" {
			return words
		}
		words, rest = append(words, word), after
	}
	if rest == "" {
		return words
	}
	return append(words, rest)
}

func (c *crud) do(name, key, rest string) string {
	if len(key) > 128 {
		return "ERR toolong a key has at most 128 bytes"
	}
	if !c.takesAll && strings.ReplaceAll(textline.Printable(rest), "\t", " ") != strings.ReplaceAll(rest, "\t", " ") {
		return "ERR badvalue a value has no control characters, except TAB"
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.records == nil {
		c.records, c.last = make(map[string]record), make(map[string]int)
	}
	old, is := c.records[key]
	switch name {
	case "create":
		return c.create(key, rest, is)
	case "read":
		if !is && !c.missingIsEmpty {
			return "ERR missing " + key
		}
		return fmt.Sprintf("OK %s v%d %s", key, old.Version, old.Value)
	case "update", "delete":
		return c.change(name, old, is, key, rest)
	case "list", "count":
		return c.list(name, key)
	case "export":
		return c.export()
	}
	return c.help(key)
}

func (c *crud) create(key, value string, is bool) string {
	if is && !c.overwrites {
		return "ERR exists " + key
	}
	version := 1
	if c.remembers {
		version = c.last[key] + 1
	}
	c.records[key] = record{key, version, value}
	c.order = append(c.order, key)
	c.made++
	return fmt.Sprintf("OK created %s v%d", key, version)
}

func (c *crud) change(name string, old record, is bool, key, rest string) string {
	if !is {
		return "ERR missing " + key
	}
	if word, after, _ := strings.Cut(rest, " "); strings.HasPrefix(word, "@") {
		if version, err := strconv.Atoi(word[1:]); err == nil {
			if version != old.Version && !c.noConflict {
				return fmt.Sprintf("ERR conflict %s is at v%d", key, old.Version)
			}
			rest = after
		}
	}
	if c.window > 0 {
		c.mu.Unlock()
		time.Sleep(c.window)
		c.mu.Lock()
	}
	if name == "delete" {
		delete(c.records, key)
		c.order = slices.DeleteFunc(c.order, func(made string) bool { return made == key })
		c.last[key] = old.Version
		return "OK deleted " + key
	}
	version := old.Version + 1
	if c.noVersions {
		version = old.Version
	}
	c.records[key] = record{key, version, rest}
	return fmt.Sprintf("OK updated %s v%d", key, version)
}

func (c *crud) list(name, prefix string) string {
	var lines []string
	for _, key := range c.keys() {
		if r := c.records[key]; strings.HasPrefix(key, prefix) {
			lines = append(lines, fmt.Sprintf("%s v%d %s\n", key, r.Version, r.Value))
		}
	}
	end := fmt.Sprintf("OK %d records", len(lines))
	if name == "count" && c.countsDeleted {
		return fmt.Sprintf("OK %d records", c.made)
	}
	if name == "count" {
		return end
	}
	return strings.Join(lines, "") + end
}

func (c *crud) keys() []string {
	keys := slices.Clone(c.order)
	if !c.unsorted {
		slices.Sort(keys)
	}
	return keys
}

func (c *crud) export() string {
	var b strings.Builder
	for _, key := range c.keys() {
		r := c.records[key]
		if c.rawJSON {
			fmt.Fprintf(&b, "{\"key\":\"%s\",\"version\":%d,\"value\":\"%s\"}\n", r.Key, r.Version, r.Value)
		} else if line, err := json.Marshal(r); err == nil {
			b.Write(append(line, '\n'))
		}
	}
	return b.String() + "OK"
}

func (c *crud) help(name string) string {
	if c.noHelp {
		return "ERR unknown help, try help"
	}
	var b strings.Builder
	for _, row := range usages {
		if name == "" || row.name == name {
			b.WriteString(row.usage + "\n")
		}
	}
	return b.String() + "OK"
}
