package suites

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"socketlab/checker/check"
)

// The phases of CrudDurable. Between them the learner kills the server and
// starts it again.
const (
	Write  = "write"
	Verify = "verify"
)

// CrudDurable checks what a server that was killed remembers. Both phases make
// the same records out of the seed, so nothing has to be kept between them but
// that number. The second phase changes nothing, and can be repeated.
func CrudDurable() *check.Suite {
	return &check.Suite{
		Name: "crud-durable", About: "what was confirmed survives a kill -9; its --phase is write, then verify",
		Page: "crud.md", Service: "crud-server", Port: "8127",
		Checks: []check.Check{
			{
				Phase:  Write,
				Clause: "CRUD-17",
				Title:  "changes are made, refused and confirmed",
				Do:     durableWrite,
				Cause:  "the server does not pass the suite crud yet; what it answers wrongly before a restart cannot be checked behind one",
				Hints: [3]string{
					"Does your server pass the suite crud?",
					"This phase makes some records and expects the answers that the suite crud expects.",
					"Run checker crud first, and come back when it passes.",
				},
				ReadOn: "lesson 8, step 2",
			},
			{
				Phase:  Verify,
				Clause: "CRUD-17",
				Title:  "a record that was confirmed is there",
				Do:     durableMade,
				Cause:  "records are kept in memory alone, or written when the server ends: a kill leaves no time for that; or the seed is not the one that --phase write has shown",
				Hints: [3]string{
					"Where is a record at the moment in which your server says OK?",
					"Memory is gone with the process. What is to survive must be in a file before the answer is sent.",
					"Append each change to a file, then answer. At the start, read the file from its beginning and make all changes again.",
				},
				ReadOn: "lesson 9, step 3",
			},
			{
				Phase:  Verify,
				Clause: "CRUD-17",
				Title:  "the change that was confirmed last is there",
				Do:     durableLast,
				Cause:  "the answer is sent before the change is written, or the change waits in a buffer of your program that is written when it is full",
				Hints: [3]string{
					"What comes first in your code, the write to the file or the answer?",
					"OK is a promise. Whoever was killed between the answer and the write has broken it.",
					"Write, flush the buffer of your language, fsync, and then answer: f.flush() and os.fsync in Python, fs.writeSync and fs.fsyncSync in Node, Sync in Go.",
				},
				ReadOn: "lesson 9, step 4",
			},
			{
				Phase:  Verify,
				Clause: "CRUD-17",
				Others: []string{"CRUD-10"},
				Title:  "a value comes back as it was, to the last blank",
				Do:     durableValues,
				Cause:  "the file is cut into words, trimmed, or separated by a character that a value may contain",
				Hints: [3]string{
					"How does your file tell where a value begins and where it ends?",
					"A value may have two blanks, one at its end, quotes, commas, TABs. The only thing that it cannot have is a line end.",
					"Store a line of JSON for each change; or cut what you read exactly as you cut the command, and drop the LF alone.",
				},
				ReadOn: "lesson 8, step 5",
			},
			{
				Phase:  Verify,
				Clause: "CRUD-17",
				Others: []string{"CRUD-14"},
				Title:  "a record has the version that it had",
				Do:     durableVersions,
				Cause:  "the file holds keys and values, and all versions begin at 1 again",
				Hints: [3]string{
					"What does your file know of a record, besides key and value?",
					"Somebody may hold v3 in their hands and say update KEY @3 tomorrow. The version is a part of the record.",
					"Write the version with each change; or make all changes again, one after the other, so that they count up by themselves.",
				},
				ReadOn: "lesson 8, step 7",
			},
			{
				Phase:  Verify,
				Clause: "CRUD-17",
				Others: []string{"CRUD-16"},
				Title:  "what was deleted stays deleted",
				Do:     durableDeleted,
				Cause:  "a delete takes the record out of memory, and the file still has the line that made it",
				Hints: [3]string{
					"What does your server write into the file when a record is deleted?",
					"A delete is a change like the others: if the file does not know of it, the record is back after the restart.",
					"Append a line for each delete, and when you read it at the start, take the record out.",
				},
				ReadOn: "lesson 9, step 6",
			},
			{
				Phase:  Verify,
				Clause: "CRUD-17",
				Others: []string{"CRUD-12", "CRUD-15"},
				Title:  "what was refused was not done by the restart",
				Do:     durableRefused,
				Cause:  "commands are written into the file before it is known whether they are allowed, and the start does them all",
				Hints: [3]string{
					"Does a command that was answered with ERR stand in your file?",
					"A create of a key that is there, and an update of an old version, were refused. A start that does not ask again does them.",
					"Decide first, then write what was decided, then answer.",
				},
				ReadOn: "lesson 9, step 6",
			},
			{
				Phase:  Verify,
				Clause: "CRUD-17",
				Others: []string{"CRUD-20", "CRUD-21"},
				Title:  "list shows these records, each once, and no others",
				Do:     durableList,
				Cause:  "the list of keys is made out of the lines of the file, so that a record stands there once for each change",
				Hints: [3]string{
					"A record was made, and changed twice: how many lines are that in your file, and how many in list?",
					"The start must leave what the changes would have left: one record for a key.",
					"At the start call the same functions that the commands call.",
				},
				ReadOn: "lesson 8, step 3",
			},
		},
	}
}

// A kept is what a record must be after the restart.
type kept struct {
	key, value string
	version    int
}

// The durables are the records of a seed. So few are enough: what is wrong with
// one kind of change is wrong with each of them.
type durables struct {
	prefix  string
	made    []kept // at version 1
	odd     []kept // with values that are easily spoiled
	changed []kept // updated, up to the version
	deleted []kept
	anew    kept // deleted, and made once more
	last    kept // confirmed last of all
}

// durablesOf makes the records of a seed: the same ones in both phases.
func durablesOf(seed uint64) durables {
	t := check.Try{Random: rand.New(rand.NewPCG(seed, 0))}
	d := durables{prefix: "kept-" + t.Word() + "-"}
	record := func(name, value string, version int) kept { return kept{d.prefix + name, value, version} }
	for i := range 4 {
		d.made = append(d.made, record(fmt.Sprint("made-", i+1), t.Word()+" "+t.Word(), 1))
	}
	for i, odd := range []string{"two  blanks", "a blank behind ", " and one before", "a\tTAB, a comma; \"quotes\" 'and' \\n", "žluťoučký 🙂 \u2026"} {
		d.odd = append(d.odd, record(fmt.Sprint("odd-", i+1), odd, 1))
	}
	for i := range 3 {
		d.changed = append(d.changed, record(fmt.Sprint("changed-", i+1), t.Word(), i+2))
	}
	for i := range 3 {
		d.deleted = append(d.deleted, record(fmt.Sprint("deleted-", i+1), t.Word(), 1))
	}
	d.anew, d.last = record("anew", t.Word(), 1), record("last", t.Word(), 1)
	return d
}

func durableWrite(t *check.Try) {
	d, alice := durablesOf(t.Seed), t.Dial("alice")
	for _, r := range slices.Concat(d.made, d.odd) {
		create(alice, r.key, r.value)
	}
	for _, r := range d.changed {
		create(alice, r.key, "another value")
		for v := 2; v <= r.version; v++ {
			ask(alice, "update "+r.key+" "+r.value, fmt.Sprintf("OK updated %s v%d", r.key, v))
		}
		ask(alice, "update "+r.key+" @1 refused", fmt.Sprintf("ERR conflict %s is at v%d", r.key, r.version))
	}
	for _, r := range append(slices.Clone(d.deleted), d.anew) {
		create(alice, r.key, "to be deleted")
		ask(alice, "delete "+r.key, "OK deleted "+r.key)
	}
	create(alice, d.anew.key, d.anew.value)
	ask(alice, "create "+d.anew.key+" refused", "ERR exists "+d.anew.key)
	create(alice, d.last.key, d.last.value)
}

// remembered expects the server to know the record.
func remembered(p *check.Peer, r kept) {
	ask(p, "read "+r.key, fmt.Sprintf("OK %s v%d %s", r.key, r.version, r.value))
}

func durableMade(t *check.Try) {
	alice := t.Dial("alice")
	for _, r := range durablesOf(t.Seed).made {
		remembered(alice, r)
	}
}

func durableLast(t *check.Try) { remembered(t.Dial("alice"), durablesOf(t.Seed).last) }

func durableValues(t *check.Try) {
	alice := t.Dial("alice")
	for _, r := range durablesOf(t.Seed).odd {
		remembered(alice, r)
	}
}

func durableVersions(t *check.Try) {
	alice := t.Dial("alice")
	for _, r := range durablesOf(t.Seed).changed {
		alice.Send("read " + r.key + "\n")
		alice.ExpectBegin(fmt.Sprintf("OK %s v%d ", r.key, r.version))
	}
}

func durableDeleted(t *check.Try) {
	d, alice := durablesOf(t.Seed), t.Dial("alice")
	for _, r := range d.deleted {
		ask(alice, "read "+r.key, "ERR missing "+r.key)
	}
}

func durableRefused(t *check.Try) {
	d, alice := durablesOf(t.Seed), t.Dial("alice")
	for _, r := range append(slices.Clone(d.changed), d.anew) {
		remembered(alice, r)
	}
}

func durableList(t *check.Try) {
	d, alice := durablesOf(t.Seed), t.Dial("alice")
	var want strings.Builder
	n := 0
	for _, group := range [][]kept{{d.anew}, d.changed, {d.last}, d.made, d.odd} { // sorted by key
		for _, r := range group {
			fmt.Fprintf(&want, "%s v%d %s\n", r.key, r.version, r.value)
			n++
		}
	}
	alice.Send("list " + d.prefix + "\n")
	alice.Expect(fmt.Sprintf("%sOK %d records\n", want.String(), n))
	ask(alice, "count "+d.prefix, fmt.Sprintf("OK %d records", n))
}
