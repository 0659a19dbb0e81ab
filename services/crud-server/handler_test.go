package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"socketlab/crud-server/store"
	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// open opens an empty store in a folder of its own.
func open(t testing.TB) *store.Store {
	t.Helper()
	log := logrus.New()
	log.SetOutput(io.Discard)
	s, err := store.Open(filepath.Join(t.TempDir(), "crud.db"), log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// start serves an empty store and returns the address.
func start(t testing.TB) string {
	t.Helper()
	return nettest.Serve(t, &netserver.Server{Handler: handlerFor(open(t))}).Addr
}

// dial is a client of a server of its own.
func dial(t testing.TB) *nettest.Client {
	t.Helper()
	return nettest.Dial(t, start(t))
}

// play sends and expects line by line: `> ` and `< ` as in lab-guide/talks.
func play(t testing.TB, client *nettest.Client, script string) {
	t.Helper()
	for line := range strings.Lines(script) {
		line = strings.TrimLeft(line, "\t")
		switch {
		case strings.HasPrefix(line, "> "):
			client.Send(line[2:])
		case strings.HasPrefix(line, "< "):
			client.Expect(line[2:])
		case strings.TrimSpace(line) != "":
			t.Fatalf("this is no line of a talk: %q", line)
		}
	}
}

// TestEveryClauseHasATest: a test says by CRUD-n which clause it is about.
func TestEveryClauseHasATest(t *testing.T) {
	page, err := os.ReadFile("../../lab-guide/protocols/crud.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var tested []string
	for _, file := range files {
		tests, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tested = append(tested, regexp.MustCompile(`// CRUD-\d+\n`).FindAllString(string(tests), -1)...)
	}
	clauses := regexp.MustCompile(`\*\*(CRUD-\d+)\*\*`).FindAllSubmatch(page, -1)
	for _, clause := range clauses {
		if !slices.Contains(tested, "// "+string(clause[1])+"\n") {
			t.Errorf("no test is about %s", clause[1])
		}
	}
	if len(clauses) < 20 {
		t.Errorf("only %d clauses found", len(clauses))
	}
}

// Every row of the table has help, and a clause that shows it.
func TestEveryCommandIsDescribed(t *testing.T) {
	page, err := os.ReadFile("../../lab-guide/protocols/crud.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := commandTable()
	for _, c := range commands {
		word, _, _ := strings.Cut(c.usage, " ")
		if word != c.name || c.help == "" || c.run == nil || c.least > c.most {
			t.Errorf("the row of %q is not complete", c.name)
		}
		clause := regexp.MustCompile("\\*\\*CRUD-\\d+\\*\\*[^*]*`" + c.name + "[ `]")
		if !clause.Match(page) {
			t.Errorf("no clause is about %s", c.name)
		}
	}
	if len(commands) != 9 {
		t.Errorf("%d commands", len(commands))
	}
}

// CRUD-1
func TestTheClientSpeaksFirst(t *testing.T) {
	alice := dial(t)
	alice.Send("create a 1\nread a\ncount\nhelp quit\nread b\n") // five lines in one write
	alice.Expect("OK created a v1\nOK a v1 1\nOK 1 records\n")
	alice.Expect("quit                         ends the conversation\nOK\n")
	alice.Expect("ERR missing b\n")
	for _, b := range []byte("read a\n") { // a line in seven
		alice.Send(string([]byte{b}))
	}
	alice.Expect("OK a v1 1\n")
}

// CRUD-2
func TestLineEnds(t *testing.T) {
	alice := dial(t)
	alice.Send("create lf 1\ncreate crlf 2\r\ncreate nul 3\r\x00list\n")
	alice.Expect("OK created lf v1\nOK created crlf v1\nOK created nul v1\n")
	alice.Expect("crlf v1 2\nlf v1 1\nnul v1 3\nOK 3 records\n")
	alice.Send("count\nread lf")
	alice.CloseWrite()
	alice.Expect("OK 3 records\nOK lf v1 1\n")
	alice.ExpectEnd()
}

// CRUD-3
func TestALineThatIsTooLong(t *testing.T) {
	const tooLong = "ERR toolong a line has at most 66560 bytes\n"
	alice := dial(t)
	alice.Send("create a " + strings.Repeat("x", 66560-len("create a ")+1))
	alice.Expect(tooLong) // its end has not come
	alice.Send("xxx\ncount\n")
	alice.Expect("OK 0 records\n")
	alice.Send(strings.Repeat("x", 66560) + "\n") // a word
	alice.Expect("ERR unknown " + strings.Repeat("x", 40) + "…, try help\n")
	alice.Send(strings.Repeat("x", 1<<20)) // a megabyte without a newline
	alice.Expect(tooLong)
	alice.CloseWrite()
	alice.ExpectEnd()
}

// CRUD-4
func TestBytesThatAreNoText(t *testing.T) {
	alice := dial(t)
	alice.Send("create a\xc3 caf\xc3\xa9 \xff\n")
	alice.Expect("OK created a\uFFFD v1\n")
	alice.Send("create b o\x00n\xff\xf1e\xff\xfd\x01\n")
	alice.Expect("\xff\xfc\x01OK created b v1\n")
	alice.Send("list\n")
	alice.Expect("a\uFFFD v1 café \uFFFD\nb v1 one\nOK 2 records\n")
}

// CRUD-5
func TestLeaving(t *testing.T) {
	for name, test := range map[string]struct{ said, answer string }{
		"quit":             {"quit\n", "BYE\n"},
		"QUIT":             {"QUIT\nread a\n", "BYE\n"},
		"Ctrl-C in telnet": {"half a li\xff\xf4\xff\xfd\x06", "\xff\xfc\x06BYE\n"},
		"Ctrl-D":           {"\x04", "BYE\n"},
	} {
		t.Run(name, func(t *testing.T) {
			alice := dial(t)
			alice.Send("count\n" + test.said)
			alice.Expect("OK 0 records\n" + test.answer)
			alice.ExpectEnd()
		})
	}
}

// CRUD-6
func TestAFullServer(t *testing.T) {
	server := &netserver.Server{Handler: handlerFor(open(t)), Limits: netserver.Limits{MaxConns: 1}}
	addr := nettest.Serve(t, server).Addr
	play(t, nettest.Dial(t, addr), "> count\n< OK 0 records\n")
	bob := nettest.Dial(t, addr)
	bob.Expect("! server full, try again later\n")
	bob.ExpectEnd()
}

// CRUD-7
func TestEachConnectionIsPrivate(t *testing.T) {
	addr := start(t)
	alice, bob, carol := nettest.Dial(t, addr), nettest.Dial(t, addr), nettest.Dial(t, addr)
	alice.Send("create a for-alice\n")
	alice.Expect("OK created a v1\n")
	bob.Send("read a\n")
	bob.Expect("OK a v1 for-alice\n")
	carol.Send("update a half a ")
	carol.Reset()
	play(t, alice, "> read a\n< OK a v1 for-alice\n")
}

// CRUD-8
func TestWords(t *testing.T) {
	play(t, dial(t), `
		> CREATE a 1
		< OK created a v1
		>   Read 	 a  
		< OK a v1 1
		> foo
		< ERR unknown foo, try help
		> creat a 1
		< ERR unknown creat, try help
		> 
		< ERR usage COMMAND [ARGUMENT …], try help
		>   	
		< ERR usage COMMAND [ARGUMENT …], try help
		> create
		< ERR usage create KEY VALUE
		> create a
		< ERR usage create KEY VALUE
		> create a 
		< ERR usage create KEY VALUE
		> read
		< ERR usage read KEY
		> read a b
		< ERR usage read KEY
		> update a
		< ERR usage update KEY [@VERSION] VALUE
		> update a @1
		< ERR usage update KEY [@VERSION] VALUE
		> update a @1 
		< ERR usage update KEY [@VERSION] VALUE
		> delete
		< ERR usage delete KEY [@VERSION]
		> delete a 1
		< ERR usage delete KEY [@VERSION]
		> delete a @x
		< ERR usage delete KEY [@VERSION]
		> delete a @1 x
		< ERR usage delete KEY [@VERSION]
		> list a b
		< ERR usage list [PREFIX]
		> count a b
		< ERR usage count [PREFIX]
		> export a
		< ERR usage export
		> help a b
		< ERR usage help [COMMAND]
		> quit now
		< ERR usage quit
		> read a
		< OK a v1 1
	`)
}

func TestAnUnknownWordIsMadePrintable(t *testing.T) {
	play(t, dial(t), "> \x1b[31mred\x1b[0m\x07\u202e\n< ERR unknown red, try help\n")
}

// CRUD-9
func TestKeys(t *testing.T) {
	const bad = "< ERR badkey a key has no blanks and no control characters\n"
	alice := dial(t)
	longest := strings.Repeat("ké", 42) + "xx"
	play(t, alice, "> create "+longest+" v\n< OK created "+longest+" v1\n")
	play(t, alice, "> create "+longest+"x v\n< ERR toolong a key has at most 128 bytes\n")
	for _, word := range []string{"read %s", "update %s v", "delete %s", "create %s v"} {
		for _, key := range []string{"a\x1b[31m", "a\x7f", "a\u0085", "a\u00a0b", "a\u2028", "a\u202eb", "a\rb"} {
			play(t, alice, fmt.Sprintf("> "+word+"\n"+bad, key))
		}
	}
	play(t, alice, "> create 你好/ключ:1🙂 v\n< OK created 你好/ключ:1🙂 v1\n")
}

// CRUD-10
func TestValues(t *testing.T) {
	alice := dial(t)
	for i, value := range []string{"x", " two  words ", "  ", "\tTAB\t", "你好 🙂 e\u0301", "@1", "@1 x", "OK", `{"a":"b"}`} {
		play(t, alice, fmt.Sprintf("> create k%d %s\n< OK created k%d v1\n", i, value, i))
		play(t, alice, fmt.Sprintf("> read k%d\n< OK k%d v1 %s\n", i, i, value))
	}
	longest := strings.Repeat("é", 32768)
	play(t, alice, "> create long "+longest+"\n< OK created long v1\n> read long\n< OK long v1 "+longest+"\n")
	play(t, alice, "> create longer "+longest+"x\n< ERR toolong a value has at most 65536 bytes\n")
	play(t, alice, "> update long @1 "+longest+"x\n< ERR toolong a value has at most 65536 bytes\n")
	play(t, alice, "> read longer\n< ERR missing longer\n")
}

// CRUD-11
func TestValuesThatCouldHarmATerminal(t *testing.T) {
	const bad = "< ERR badvalue a value has no control characters, except TAB\n"
	alice := dial(t)
	play(t, alice, "> create a v\n< OK created a v1\n")
	for _, value := range []string{"\x1b[2J", "a\x07", "a\x08", "\x7f", "\u009b31m", "a\rb", "a\u2028b", "\u2029", "\u202eabc", "\u2066x"} {
		play(t, alice, "> create b "+value+"\n"+bad+"> update a "+value+"\n"+bad+"> update a @1 "+value+"\n"+bad)
	}
	play(t, alice, "> list\n< a v1 v\n< OK 1 records\n")
}

// CRUD-12
func TestCreate(t *testing.T) {
	play(t, dial(t), `
		> create a one
		< OK created a v1
		> create a two
		< ERR exists a
		> read a
		< OK a v1 one
	`)
}

// CRUD-13
func TestRead(t *testing.T) {
	play(t, dial(t), `
		> read a
		< ERR missing a
		> create a one
		< OK created a v1
		> read a
		< OK a v1 one
		> read A
		< ERR missing A
	`)
}

// CRUD-14
func TestUpdate(t *testing.T) {
	play(t, dial(t), `
		> update a one
		< ERR missing a
		> create a one
		< OK created a v1
		> update a two
		< OK updated a v2
		> update a two
		< OK updated a v3
		> read a
		< OK a v3 two
	`)
}

// CRUD-15
func TestUpdateOfAVersion(t *testing.T) {
	play(t, dial(t), `
		> update a @1 one
		< ERR missing a
		> create a one
		< OK created a v1
		> update a @1 two
		< OK updated a v2
		> update a @1 three
		< ERR conflict a is at v2
		> update a @3 three
		< ERR conflict a is at v2
		> update a @0 three
		< ERR conflict a is at v2
		> update a @99999999999999999999 three
		< ERR conflict a is at v2
		> read a
		< OK a v2 two
		> update a @2 @2 words  and blanks
		< OK updated a v3
		> read a
		< OK a v3 @2 words  and blanks
		> update a @3  a blank
		< OK updated a v4
		> read a
		< OK a v4  a blank
		> update a @alice hi
		< OK updated a v5
		> update a @ 5
		< OK updated a v6
		> update a  @1 x
		< OK updated a v7
		> read a
		< OK a v7  @1 x
	`)
}

// CRUD-16
func TestDelete(t *testing.T) {
	play(t, dial(t), `
		> delete a
		< ERR missing a
		> create a one
		< OK created a v1
		> update a two
		< OK updated a v2
		> delete a @1
		< ERR conflict a is at v2
		> delete a @2
		< OK deleted a
		> read a
		< ERR missing a
		> delete a
		< ERR missing a
		> create a again
		< OK created a v1
		> delete a
		< OK deleted a
		> count
		< OK 0 records
	`)
}

// CRUD-18
func TestTwoPeopleAtOnce(t *testing.T) {
	addr := start(t)
	alice, bob := nettest.Dial(t, addr), nettest.Dial(t, addr)
	play(t, alice, "> create menu soup\n< OK created menu v1\n")
	play(t, bob, "> read menu\n< OK menu v1 soup\n")
	play(t, alice, "> update menu @1 salad\n< OK updated menu v2\n")
	play(t, bob, "> update menu @1 bread\n< ERR conflict menu is at v2\n> read menu\n< OK menu v2 salad\n")
	play(t, bob, "> update menu @2 salad and bread\n< OK updated menu v3\n")
	play(t, alice, "> read menu\n< OK menu v3 salad and bread\n")
}

// CRUD-20
func TestList(t *testing.T) {
	play(t, dial(t), `
		> list
		< OK 0 records
		> create b 2
		< OK created b v1
		> create a/2 two
		< OK created a/2 v1
		> create a/1 one
		< OK created a/1 v1
		> create a/10 ten
		< OK created a/10 v1
		> create é accent
		< OK created é v1
		> create OK 5 records
		< OK created OK v1
		> update a/2 TWO
		< OK updated a/2 v2
		> list
		< OK v1 5 records
		< a/1 v1 one
		< a/10 v1 ten
		< a/2 v2 TWO
		< b v1 2
		< é v1 accent
		< OK 6 records
		> list a/
		< a/1 v1 one
		< a/10 v1 ten
		< a/2 v2 TWO
		< OK 3 records
		> list a/1
		< a/1 v1 one
		< a/10 v1 ten
		< OK 2 records
		> list zebra
		< OK 0 records
	`)
}

// CRUD-21
func TestCount(t *testing.T) {
	play(t, dial(t), `
		> count
		< OK 0 records
		> create a/1 one
		< OK created a/1 v1
		> create b two
		< OK created b v1
		> count
		< OK 2 records
		> count a
		< OK 1 records
		> count c
		< OK 0 records
		> delete b
		< OK deleted b
		> count
		< OK 1 records
	`)
}

// CRUD-22
func TestExport(t *testing.T) {
	play(t, dial(t), `
		> export
		< OK
		> create b <two> & "more" \ 	TAB
		< OK created b v1
		> create a é 🙂
		< OK created a v1
		> update a é
		< OK updated a v2
		> export
		< {"key":"a","version":2,"value":"é"}
		< {"key":"b","version":1,"value":"<two> & \"more\" \\ \tTAB"}
		< OK
	`)
}

// CRUD-23
func TestASlowReaderHoldsUpNobodyAndSeesOneMoment(t *testing.T) {
	const records = 3000
	value := strings.Repeat("v", 10000) // 30 MB: more than both kernels hold
	s := open(t)
	addr := nettest.Serve(t, &netserver.Server{Handler: handlerFor(s)}).Addr
	var writers sync.WaitGroup
	for i := range 50 {
		writers.Go(func() {
			for n := i; n < records; n += 50 {
				if err := s.Create(fmt.Sprintf("key%04d", n), value); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()

	slow, bob := nettest.Dial(t, addr), nettest.Dial(t, addr)
	slow.Send("list key\n")
	slow.Expect("key0000 v1 ") // the list has begun, and is now not read
	for i := range 100 {
		key := fmt.Sprintf("key%04d", records-1-i)
		play(t, bob, "> update "+key+" new\n< OK updated "+key+" v2\n")
		play(t, bob, "> create between"+key+" "+value+"\n< OK created between"+key+" v1\n")
	}
	play(t, bob, "> delete key2000\n< OK deleted key2000\n")
	slow.Expect(value + "\n")
	for i := 1; i < records; i++ {
		slow.Expect(fmt.Sprintf("key%04d v1 %s\n", i, value))
	}
	slow.Expect("OK 3000 records\n")
	slow.Send("count\n")
	slow.Expect("OK 3099 records\n")
}

// CRUD-24
func TestHelp(t *testing.T) {
	alice := dial(t)
	alice.Send("help\n")
	for _, c := range commandTable() {
		alice.Expect(fmt.Sprintf("%-28s %s\n", c.usage, c.help))
	}
	play(t, alice, `
		< OK
		> help LIST
		< list [PREFIX]                shows all records, or those whose key begins with PREFIX, sorted
		< OK
		> help me
		< ERR unknown me, try help
	`)
}

func TestEveryMessageIsLoggedAtDebug(t *testing.T) {
	log := nettest.NewLogbook()
	server := nettest.Serve(t, &netserver.Server{Handler: handlerFor(open(t)), Log: nettest.Logger(log)})
	play(t, nettest.Dial(t, server.Addr), "> create a hello\n< OK created a v1\n")
	line := log.Wait(t, "Received", 1)[0]
	if line["data"] != "create a hello" || line["size"] != 14.0 || line["conn"] != 1.0 {
		t.Errorf("logged as %v", line)
	}
}

// line reads the next line, whatever it is.
func line(t testing.TB, client *nettest.Client) string {
	t.Helper()
	client.Conn.SetReadDeadline(time.Now().Add(nettest.Limit))
	var text []byte
	for b := make([]byte, 1); !bytes.HasSuffix(text, []byte("\n")); text = append(text, b...) {
		if _, err := io.ReadFull(client.Conn, b); err != nil {
			t.Fatalf("after %q: %v", text, err)
		}
	}
	return string(text)
}
