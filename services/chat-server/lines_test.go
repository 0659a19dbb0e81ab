package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// A test says by CHAT-n which clause it is about.
func TestEveryClauseHasATest(t *testing.T) {
	nettest.EveryClause(t, "../../lab-guide/protocols/chat.md", "CHAT")
}

// CHAT-1
func TestALineIsALineHoweverItComes(t *testing.T) {
	room := people(t, start(t).Addr, "alice", "bob")
	alice, bob := room[0], room[1]
	alice.Send("lf\ncrlf\r\ncrnul\r\x00\n\none ")
	alice.Send("line in t")
	alice.Send("hree\n")
	bob.Expect("[#lobby] alice: lf\n[#lobby] alice: crlf\n[#lobby] alice: crnul\n[#lobby] alice: one line in three\n")
	alice.Send("no end")
	alice.CloseWrite()
	bob.Expect("[#lobby] alice: no end\n* alice quit (connection closed)\n")
	alice.ExpectEnd()
}

// CHAT-2 CHAT-30
func TestTheKindsOfLines(t *testing.T) {
	room := people(t, start(t).Addr, "alice", "bob")
	alice, bob := room[0], room[1]
	alice.Send("hello\n/me waves\n/msg BOB psst\n/dance\n")
	bob.Expect("[#lobby] alice: hello\n[#lobby] * alice waves\n[alice -> you] psst\n")
	alice.Expect("! unknown /dance, try /help\n")
	alice.Send("/msg carol psst\n/msg bob\n")
	alice.Expect("! nobody there is nobody of that name here\n! usage /msg NICK TEXT\n")
	bob.Send("/join #other\n/part #lobby\n")
	bob.Expect("* you joined #other, 1 here\n* you left #lobby\n")
	alice.SkipTo("* bob left #lobby\n")
	alice.Send("/msg bob are  you there?\n") // wherever they are
	bob.Expect("[alice -> you] are  you there?\n")
	silent(t, room...)
}

// CHAT-3
func TestALineThatIsTooLong(t *testing.T) {
	const tooLong = "! toolong at most 1024 bytes in a line, this one was not delivered\n"
	room := people(t, start(t).Addr, "alice", "bob")
	alice, bob := room[0], room[1]
	longest := strings.Repeat("x", 1024)
	alice.Send(longest + "\n")
	bob.Expect("[#lobby] alice: " + longest + "\n")
	alice.Send(longest + "x")
	alice.Expect(tooLong) // its end has not come
	alice.Send("xxx\nshort\n")
	bob.Expect("[#lobby] alice: short\n")
	alice.Send(strings.Repeat("x", 1<<20) + "\n")
	alice.Expect(tooLong)
	silent(t, room...)
}

// CHAT-4
func TestNobodyReachesTheTerminalOfAnother(t *testing.T) {
	room := people(t, start(t).Addr, "alice", "bob", "carol")
	alice, bob, carol := room[0], room[1], room[2]
	for said, heard := range map[string]string{
		"\x1b[2J\x1b]52;c;ZXZpbA==\x07red\x1b[31m":     "[#lobby] alice: red\n",
		"a\tb\x07c\u009b2Jd":                           "[#lobby] alice: a bcd\n",
		"one\rtwo":                                     "[#lobby] alice: onetwo\n",
		"\u202eevil\u2028line":                         "[#lobby] alice: evilline\n",
		"\xc3(":                                        "[#lobby] alice: \uFFFD(\n",
		"/me \x1b[1mjumps":                             "[#lobby] * alice jumps\n",
		"/msg bob \x1b[1mpsst":                         "[alice -> you] psst\n",
		"/say #lobby \x1b[1mhi":                        "[#lobby] alice: hi\n",
		"\x1b[2J \x07\x1b[0m\n \t \n/ping\nlast":       "[#lobby] alice: last\n",
		"/nick \x1b[2J\n/join #\x1b[2J\n/me \x07\nend": "[#lobby] alice: end\n",
	} {
		alice.Send(said + "\n")
		bob.Expect(heard)
	}
	carol.Send("/quit \x1b[2Jbye\n")
	bob.Expect("* carol quit (bye)\n")
	silent(t, bob)
}

// CHAT-5
func TestOneWhoSaysTooMuchIsRefusedTheRest(t *testing.T) {
	const slow = "! slow down, at most 10 lines a second, this one was not delivered\n"
	var now atomic.Int64 // it is always the same moment, until the test goes on
	room := people(t, start(t, func(s *chat, _ *netserver.Server) {
		s.rate = 10
		s.clock = func() time.Time { return time.Unix(now.Load(), 0) }
	}).Addr, "alice", "bob")
	alice, bob := room[0], room[1]
	const before = 3 // lines of alice: /nick and two /ping
	alice.Send(strings.Repeat("\n", 5) + strings.Repeat("hi\n", 20) + strings.Repeat("x", 2000) + "\n")
	bob.Expect(strings.Repeat("[#lobby] alice: hi\n", 20-5-before))
	alice.Expect(strings.Repeat(slow, 5+before+1))
	bob.Send("but I may\n")
	alice.Expect("[#lobby] bob: but I may\n")
	now.Add(1)
	alice.Send(strings.Repeat("again\n", 11))
	bob.Expect(strings.Repeat("[#lobby] alice: again\n", 10))
	alice.Expect(slow)
	now.Add(3600) // patience is rewarded up to a limit
	alice.Send(strings.Repeat("/ping\n", 21))
	alice.Expect(strings.Repeat("* pong\n", 20) + slow)
}

// CHAT-6
func TestTelnetIsNotText(t *testing.T) {
	room := people(t, start(t).Addr, "alice", "bob", "carol")
	alice, bob, carol := room[0], room[1], room[2]
	alice.Send("a\x00b\xff\xf1c\xff\xfb\x18d\r\n")
	alice.Expect("\xff\xfe\x18")
	bob.Expect("[#lobby] alice: abcd\n")
	alice.Send("half a li\xff\xf4\xff\xfd\x06")
	alice.Expect("\xff\xfc\x06* goodbye\n")
	alice.ExpectEnd()
	bob.Expect("* alice quit (goodbye)\n")
	carol.SkipTo("* alice quit (goodbye)\n")
	carol.Send("\x04")
	carol.Expect("* goodbye\n")
	carol.ExpectEnd()
	bob.Expect("* carol quit (goodbye)\n")
}

// CHAT-28
func TestCommands(t *testing.T) {
	alice := people(t, start(t).Addr, "alice")[0]
	for said, heard := range map[string]string{
		"/PING":                    "* pong\n",
		"  /ping  a  b ":           "* pong a  b\n",
		"/dance with me":           "! unknown /dance, try /help\n",
		"/":                        "! unknown /, try /help\n",
		"/\x1b[2J":                 "! unknown /, try /help\n",
		"/nick":                    "! usage /nick NAME\n",
		"/nick a b":                "! usage /nick NAME\n",
		"/msg bob":                 "! usage /msg NICK TEXT\n",
		"/channels all":            "! usage /channels\n",
		"/me":                      "! usage /me TEXT\n",
		"/login alice pass word":   "! usage /login NAME PASSWORD\n",
		"/help nick":               "* /nick NAME               take another name\n",
		"/help /NICK":              "* /nick NAME               take another name\n",
		"/help dance":              "! unknown dance, try /help\n",
		"/passwd secret-1 secret2": "! login first, as in /login NAME PASSWORD\n",
	} {
		alice.Send(said + "\n")
		alice.Expect(heard)
	}
}

// CHAT-28
func TestTheTableIsComplete(t *testing.T) {
	page, err := os.ReadFile("../../lab-guide/protocols/chat.md")
	if err != nil {
		t.Fatal(err)
	}
	alice := people(t, start(t).Addr, "alice")[0]
	alice.Send("/help\n")
	for _, row := range commands() {
		if row.help == "" || !strings.HasPrefix(row.usage, "/"+row.name) || row.do == nil {
			t.Errorf("the row of %q lacks something", row.name)
		}
		if !regexp.MustCompile("`/" + row.name + "[` ]").Match(page) {
			t.Errorf("no clause is about /%s", row.name)
		}
		alice.Expect(fmt.Sprintf("* %-24s %s\n", row.usage, row.help))
		// The words of the usage are those that are checked.
		words := strings.Fields(row.usage)[1:]
		least := 0
		for _, word := range words {
			if !strings.HasPrefix(word, "[") {
				least++
			}
		}
		if row.most != len(words) || row.least != least {
			t.Errorf("%s takes %d to %d words", row.usage, row.least, row.most)
		}
	}
	silent(t, alice)
}
