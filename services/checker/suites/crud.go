package suites

import (
	"fmt"
	"slices"
	"strings"

	"socketlab/checker/check"
)

// Each check of this suite works on keys that begin with a random word of its
// own, so that what others have stored is not touched, and deletes them again.

// Crud checks a server that keeps records.
func Crud() *check.Suite {
	onServer := "it is about the server's program and its files, which cannot be reached over TCP"
	return &check.Suite{
		Name: "crud", About: "records: create, read, update, delete, list, and versions", Page: "crud.md",
		Service: "crud-server", Port: "8127",
		Checks: slices.Concat([]check.Check{
			{
				Clause: "CRUD-12",
				Others: []string{"CRUD-1"},
				Title:  "create makes a record, and not twice",
				Do:     crudCreate,
				Cause:  "nothing is answered yet, create overwrites what is there, answers in other words, or the server greets before the client has said anything",
				Hints: [3]string{
					"What does the page say about the answer to create, and what when the key is there already?",
					"create is for what is new: OK, the key, its version. Otherwise the answer is ERR exists and the key, and nothing is changed.",
					"Look the key up before you store. Compare the answer with the page letter by letter: \"OK created KEY v1\".",
				},
				ReadOn: "lesson 8, step 2",
			},
			{
				Clause: "CRUD-13",
				Title:  "read shows key, version and value",
				Do:     crudRead,
				Cause:  "the answer lacks the version, or a key that is not there is an empty value instead of ERR missing",
				Hints: [3]string{
					"What does your map return for a key that is not in it?",
					"A record that is not there and an empty one are two things. Ask whether the key is there.",
					"\"OK KEY vN VALUE\" where it is, \"ERR missing KEY\" where it is not.",
				},
				ReadOn: "lesson 8, step 2",
			},
			{
				Clause: "CRUD-14",
				Title:  "update gives a new value and the next version",
				Do:     crudUpdate,
				Cause:  "the version is not counted up, or update makes a record that is not there",
				Hints: [3]string{
					"Which number has a record that was changed twice?",
					"The version counts the changes: 1 when it is made, and one more with each update.",
					"Keep value and version together in one record. A key that is not there: ERR missing KEY.",
				},
				ReadOn: "lesson 8, step 2",
			},
			{
				Clause: "CRUD-16",
				Title:  "delete takes a record out, and it begins anew at version 1",
				Do:     crudDelete,
				Cause:  "the record is only emptied, or its version is remembered beyond its end",
				Hints: [3]string{
					"What is left of a record that was deleted?",
					"Nothing: read says ERR missing, a second delete too, and create makes it again, at v1.",
					"Take the key out of the map: delete, del, or Map.delete.",
				},
				ReadOn: "lesson 8, step 2",
			},
			{
				Clause: "CRUD-10",
				Title:  "a value keeps all its blanks",
				Do:     crudBlanks,
				Cause:  "the line is split at every blank and joined again, or trimmed",
				Hints: [3]string{
					"What becomes of two blanks when you split a line into words and join them?",
					"The value is the rest of the line behind the one blank after the key, with all the blanks that it has.",
					"Cut twice, at the first blank each time: command, key, rest. SplitN, split(maxsplit=2), indexOf.",
				},
				ReadOn: "lesson 8, step 2",
			},
			{
				Clause: "CRUD-15",
				Title:  "a change to an old version is a conflict",
				Do:     crudConflict,
				Cause:  "the version behind @ is not looked at, or is taken for a part of the value",
				Hints: [3]string{
					"Two people read v1, and both change it. Whose change survives?",
					"Who says @1 wants to change version 1 and no other. If it is at v2 by now, nothing is changed.",
					"A first word of @ and digits is a version: compare it, and say \"ERR conflict KEY is at v2\". \"@home\" is a value.",
				},
				ReadOn: "lesson 8, step 7",
			},
			{
				Clause: "CRUD-2",
				Title:  "lines may come joined, cut, with CR LF, and the last one without an end",
				Do:     crudFraming,
				Cause:  "one read is taken for one command; or the \\r before the \\n becomes a part of the value",
				Hints: [3]string{
					"Which byte stands at the end of the value that you have stored? interactive-client -hex shows it.",
					"Collect what comes and cut it at LF; drop one CR before it. What is left at the client's FIN is a line, too.",
					"Answer all lines that have come, in their order, and close when all has been answered.",
				},
				ReadOn: "lesson 3, step 6",
			},
			{
				Clause: "CRUD-8",
				Title:  "command words may be in capitals, unknown ones and wrong ones are refused",
				Do:     crudWords,
				Cause:  "the word is compared as it was typed, or a command that lacks something ends the server",
				Hints: [3]string{
					"What does your server do when somebody types only \"create\"?",
					"Count the words before you use them. What is wrong gets an answer, and the talk goes on.",
					"Lower the command word before you look it up. \"ERR unknown WORD, try help\"; \"ERR usage create KEY VALUE\".",
				},
				ReadOn: "lesson 8, step 4",
			},
			{
				Clause: "CRUD-9",
				Others: []string{"CRUD-3"},
				Title:  "keys and lines have a limit",
				Do:     crudLimits,
				Cause:  "what comes from the network is not bounded: one client can fill the memory",
				Hints: [3]string{
					"How long may a key be, and who says so?",
					"A key has at most 128 bytes, a line 66,560. Longer ones are refused, and the next line is answered as ever.",
					"Check the length in bytes, not in letters. Skip the rest of a line that is too long.",
				},
				ReadOn: "lesson 8, step 4",
			},
			{
				Clause: "CRUD-11",
				Others: []string{"CRUD-4"},
				Title:  "control characters do not get into a value",
				Do:     crudControl,
				Cause:  "what one client stores is shown on another one's terminal, with its escape sequences",
				Hints: [3]string{
					"What happens on your screen when a value contains ESC [ 2 J?",
					"It is cleared. A value must not have control characters, but for TAB: ERR badvalue. Broken UTF-8 becomes U+FFFD.",
					"Look at each character of the value: below U+0020, from U+007F to U+009F, U+2028, U+2029, and Bidi_Control.",
				},
				ReadOn: "lesson 8, step 4",
			},
			{
				Clause: "CRUD-20",
				Title:  "list shows the records of a prefix, sorted by key",
				Do:     crudList,
				Cause:  "the records come in the order of a hash map, or the prefix is looked for anywhere in the key",
				Hints: [3]string{
					"In which order does your map hand out its keys?",
					"In none that you can rely on. Take the keys that begin with the prefix, sort them by their bytes, then show.",
					"\"KEY vN VALUE\" for each, and \"OK N records\" at the end.",
				},
				ReadOn: "lesson 8, step 3",
			},
			{
				Clause: "CRUD-21",
				Title:  "count says how many",
				Do:     crudCount,
				Cause:  "the prefix is not looked at, or records that were deleted are counted",
				Hints: [3]string{
					"What does count say after a delete?",
					"The same as the last line of list: \"OK N records\", for all, or for those that begin with a prefix.",
					"Count what list would show.",
				},
				ReadOn: "lesson 8, step 3",
			},
			{
				Clause: "CRUD-22",
				Title:  "export shows records as JSON",
				Do:     crudExport,
				Cause:  "quotes in a value are not escaped, or the members have another order or other names",
				Hints: [3]string{
					"What does your JSON look like when the value contains a quote?",
					"Leave the writing to a library: a quote becomes \\\", a backslash \\\\.",
					"{\"key\":\"a\",\"version\":1,\"value\":\"x\"}, one a line, no blanks, then OK.",
				},
				ReadOn: "lesson 9, step 8",
			},
			{
				Clause: "CRUD-24",
				Title:  "help shows the commands",
				Do:     crudHelp,
				Cause:  "there is no help, or it does not end with OK",
				Hints: [3]string{
					"How does a client know that help has said everything?",
					"By the last line, as after list: OK.",
					"A line for each command, beginning with its name, then OK; with a word behind it, that command alone.",
				},
				ReadOn: "lesson 8, step 3",
			},
			{
				Clause: "CRUD-5",
				Title:  "quit, Ctrl-D and telnet's Ctrl-C are answered with BYE and a FIN",
				Do:     crudQuit,
				Cause:  "the connection is closed before BYE was sent, or not at all",
				Hints: [3]string{
					"What does a client hear last?",
					"BYE, and then the FIN. Ctrl-D is the byte 04 on an empty line, Ctrl-C in telnet is FF F4.",
					"Write BYE, and close behind it. Node: end('BYE\\n').",
				},
				ReadOn: "lesson 4, step 2",
			},
		}, manyClients("CRUD-7", "CRUD-7", crudTalk), []check.Check{
			{
				Clause: "CRUD-18",
				Title:  "of many changes at the same time none is lost",
				Do:     crudLostUpdate,
				Cause:  "a record is read, changed and written back, and meanwhile somebody else has done the same",
				Hints: [3]string{
					"What can happen between the moment you read the version and the moment you store the new one?",
					"Another connection's change. To compare and to store must be one step that nobody gets between.",
					"Hold one mutex from the look-up to the answer; in Node and asyncio: no await in between.",
				},
				ReadOn: "lesson 8, step 7",
			},
		}),
		Unchecked: map[string]string{
			"CRUD-6":  full,
			"CRUD-19": "nobody can fill a stranger's disk",
			"CRUD-23": "whether a list is of one moment shows only while others change a large store, which is not the checker's to make",
			"CRUD-25": onServer, "CRUD-26": onServer, "CRUD-27": onServer,
		},
	}
}

// crudTalk is how to talk with it: about keys that are not there.
var crudTalk = talk{
	enter: func(t *check.Try, name string) *check.Peer { return t.Dial(name) },
	say: func(p *check.Peer, word string) {
		word = strings.Trim(word, "?") // of "still there?"
		key := strings.ReplaceAll(word, " ", "-")
		p.Send("read no-" + key + "\n")
		p.Expect("ERR missing no-" + key + "\n")
	},
}

// ask says a line and expects an answer.
func ask(p *check.Peer, line, answer string) {
	p.Send(line + "\n")
	p.Expect(answer + "\n")
}

// create makes a record at version 1. A run with the same seed that failed may
// have left one of that key behind: then it is taken out first.
func create(p *check.Peer, key, value string) {
	p.Send("create " + key + " " + value + "\n")
	if p.ExpectUnless("OK created "+key+" v1\n", "ERR exists "+key+"\n") {
		ask(p, "delete "+key, "OK deleted "+key)
		ask(p, "create "+key+" "+value, "OK created "+key+" v1")
	}
}

func crudCreate(t *check.Try) {
	key, alice := t.Word(), t.Dial("alice")
	create(alice, key, "first")
	ask(alice, "create "+key+" second", "ERR exists "+key)
	ask(alice, "read "+key, "OK "+key+" v1 first")
	ask(alice, "delete "+key, "OK deleted "+key)
}

func crudRead(t *check.Try) {
	key, alice := t.Word(), t.Dial("alice")
	create(alice, key, "a value of some words")
	alice.Close()
	bob := t.Dial("bob")
	ask(bob, "read "+key, "OK "+key+" v1 a value of some words")
	ask(bob, "delete "+key, "OK deleted "+key)
	ask(bob, "read "+key, "ERR missing "+key)
}

func crudUpdate(t *check.Try) {
	key, alice := t.Word(), t.Dial("alice")
	create(alice, key, "one")
	ask(alice, "update "+key+" two", "OK updated "+key+" v2")
	ask(alice, "update "+key+" three", "OK updated "+key+" v3")
	ask(alice, "read "+key, "OK "+key+" v3 three")
	ask(alice, "delete "+key, "OK deleted "+key)
	ask(alice, "update "+key+" x", "ERR missing "+key)
}

func crudDelete(t *check.Try) {
	key, alice := t.Word(), t.Dial("alice")
	create(alice, key, "one")
	ask(alice, "update "+key+" two", "OK updated "+key+" v2")
	ask(alice, "delete "+key, "OK deleted "+key)
	ask(alice, "read "+key, "ERR missing "+key)
	ask(alice, "delete "+key, "ERR missing "+key)
	ask(alice, "create "+key+" again", "OK created "+key+" v1")
	ask(alice, "delete "+key, "OK deleted "+key)
}

func crudBlanks(t *check.Try) {
	key, alice := t.Word(), t.Dial("alice")
	create(alice, key, " two  blanks, and one at the end ")
	ask(alice, "read "+key, "OK "+key+" v1  two  blanks, and one at the end ")
	ask(alice, "delete "+key, "OK deleted "+key)
}

func crudConflict(t *check.Try) {
	key, alice := t.Word(), t.Dial("alice")
	create(alice, key, "one")
	ask(alice, "update "+key+" @1 two", "OK updated "+key+" v2")
	ask(alice, "update "+key+" @1 lost", "ERR conflict "+key+" is at v2")
	ask(alice, "read "+key, "OK "+key+" v2 two")
	ask(alice, "update "+key+" @home", "OK updated "+key+" v3")
	ask(alice, "read "+key, "OK "+key+" v3 @home")
	ask(alice, "delete "+key+" @2", "ERR conflict "+key+" is at v3")
	ask(alice, "delete "+key+" @3", "OK deleted "+key)
}

func crudFraming(t *check.Try) {
	key, alice := t.Word(), t.Dial("alice")
	create(alice, key, "one\r")
	alice.Send("read " + key + "\r\nread " + key + "\nupd")
	alice.Expect("OK " + key + " v1 one\nOK " + key + " v1 one\n")
	alice.Send("ate " + key + " two\n")
	alice.Expect("OK updated " + key + " v2\n")
	alice.Send("read " + key + "\ndelete " + key) // no end
	alice.CloseWrite()
	alice.Expect("OK " + key + " v2 two\nOK deleted " + key + "\n")
	alice.ExpectEnd()
}

func crudWords(t *check.Try) {
	key, alice := t.Word(), t.Dial("alice")
	ask(alice, "READ "+key, "ERR missing "+key)
	ask(alice, "dance "+key, "ERR unknown dance, try help")
	ask(alice, "create", "ERR usage create KEY VALUE")
	ask(alice, "create "+key, "ERR usage create KEY VALUE")
	ask(alice, "read", "ERR usage read KEY")
	alice.Send("\n")
	alice.ExpectBegin("ERR usage ")
	ask(alice, "  read   "+key+"  ", "ERR missing "+key)
}

func crudLimits(t *check.Try) {
	const maxKey, maxLine = 128, 66560
	alice := t.Dial("alice")
	longest := t.Letters(maxKey)
	ask(alice, "read "+longest, "ERR missing "+longest)
	ask(alice, "read "+longest+"x", "ERR toolong a key has at most 128 bytes")
	alice.Send("create x " + strings.Repeat("y", maxLine))
	alice.Expect("ERR toolong a line has at most 66560 bytes\n") // its end has not come
	alice.Send("yyy\nread " + longest + "\n")
	alice.Expect("ERR missing " + longest + "\n")
}

func crudControl(t *check.Try) {
	key, alice := t.Word(), t.Dial("alice")
	for _, evil := range []string{"a\x1b[2Jb", "a\rb", "a\u0085b", "a\u2028b", "a\u202eb"} {
		alice.Send("create " + key + " " + evil + "\n")
		alice.ExpectBegin("ERR badvalue ")
	}
	create(alice, key, "a\tb\xff")
	ask(alice, "read "+key, "OK "+key+" v1 a\tb\uFFFD")
	ask(alice, "delete "+key, "OK deleted "+key)
}

func crudList(t *check.Try) {
	prefix, alice := t.Word()+"-", t.Dial("alice")
	other := "x" + prefix // has it inside
	create(alice, other, "x")
	for _, key := range []string{"c", "a", "b", "B", "ä"} {
		create(alice, prefix+key, "is "+key)
	}
	alice.Send("list " + prefix + "\n")
	for _, key := range []string{"B", "a", "b", "c", "ä"} {
		alice.Expect(prefix + key + " v1 is " + key + "\n")
	}
	alice.Expect("OK 5 records\n")
	ask(alice, "list no-"+prefix, "OK 0 records")
	for _, key := range []string{other, prefix + "a", prefix + "b", prefix + "c", prefix + "B", prefix + "ä"} {
		ask(alice, "delete "+key, "OK deleted "+key)
	}
}

func crudCount(t *check.Try) {
	prefix, alice := t.Word()+"-", t.Dial("alice")
	for i := range 3 {
		create(alice, fmt.Sprint(prefix, i), "x")
	}
	ask(alice, "count "+prefix, "OK 3 records")
	for i := range 3 {
		ask(alice, fmt.Sprintf("delete %s%d", prefix, i), fmt.Sprintf("OK deleted %s%d", prefix, i))
	}
	ask(alice, "count "+prefix, "OK 0 records")
}

func crudExport(t *check.Try) {
	key, alice := t.Word(), t.Dial("alice")
	create(alice, key, `say "hi" \ é`)
	alice.Send("export\n")
	want := `{"key":"` + key + `","version":1,"value":"say \"hi\" \\ é"}`
	for found := false; ; {
		line := alice.Line("the line " + want + ", and OK")
		if line == "OK" && !found {
			t.Fail("export has ended, and there was no line %s", want)
		}
		if line == "OK" {
			break
		}
		found = found || line == want
	}
	ask(alice, "delete "+key, "OK deleted "+key)
}

func crudHelp(t *check.Try) {
	alice := t.Dial("alice")
	for _, name := range []string{"create", "read", "update", "delete", "list", "count"} {
		alice.Send("help " + name + "\n")
		alice.ExpectBegin(name)
		alice.Expect("OK\n")
	}
	alice.Send("help\n")
	for lines := 0; ; lines++ {
		if line := alice.Line("a line for each command, and OK"); line == "OK" {
			if lines < 6 {
				t.Fail("help has shown %d commands; there are at least 6", lines)
			}
			return
		}
	}
}

func crudQuit(t *check.Try) {
	for _, leave := range []struct{ name, said, heard string }{
		{"alice", "quit\n", "BYE\n"},
		{"bob", "\x04", "BYE\n"},
		{"carol", "read\xff\xf4\xff\xfd\x06", "\xff\xfc\x06BYE\n"},
	} {
		p := t.Dial(leave.name)
		p.Send(leave.said)
		p.Expect(leave.heard)
		p.ExpectEnd()
	}
}

// crudLostUpdate lets several people count in one record: each reads it and
// stores the next number, if nobody else was quicker. In the end it must have
// been changed as often as somebody heard OK.
func crudLostUpdate(t *check.Try) {
	const people, times = 5, 8
	key, alice := t.Word(), t.Dial("alice")
	create(alice, key, "0")
	t.Together(people, people, func(i int) {
		p := t.Dial(fmt.Sprintf("person %d", i+1))
		version, value := 1, 0
		for done := 0; done < times; {
			p.Send(fmt.Sprintf("update %s @%d %d\n", key, version, value+1))
			answer := p.Line(fmt.Sprintf("\"OK updated %s v%d\", or a conflict", key, version+1))
			if answer == fmt.Sprintf("OK updated %s v%d", key, version+1) {
				done++
			} else if !strings.HasPrefix(answer, "ERR conflict "+key+" is at v") {
				t.Fail("%s said \"update %s @%d\" and heard %q", p.Name, key, version, answer)
			}
			p.Send("read " + key + "\n")
			answer = p.Line("\"OK " + key + " vN VALUE\"")
			if _, err := fmt.Sscanf(answer, "OK "+key+" v%d %d", &version, &value); err != nil {
				t.Fail("%s said \"read %s\" and heard %q", p.Name, key, answer)
			}
		}
	})
	all := people * times
	ask(alice, "read "+key, fmt.Sprintf("OK %s v%d %d", key, all+1, all))
	ask(alice, "delete "+key, "OK deleted "+key)
}
