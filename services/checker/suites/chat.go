package suites

import (
	"fmt"
	"slices"
	"strings"

	"socketlab/checker/check"
)

// The checks of the chat use names of their own and ignore what strangers say:
// so they may run while a class is talking. Each person says less than the 20
// lines that may come at once.

// A person is a peer with a name.
type person struct {
	*check.Peer
	nick string
	t    *check.Try
}

// comes connects, and takes a name that nobody else has.
func comes(t *check.Try, name string) *person {
	p := &person{Peer: t.Dial(name), nick: name + "-" + t.Word(), t: t}
	p.ExpectBegin("* welcome, you are guest-")
	p.Send("/nick " + p.nick + "\n")
	p.Until("* you are now " + p.nick)
	return p
}

// settles returns the lines that were said to the person so far: the answer to
// a /ping stands behind them.
func (p *person) settles() []string {
	token := p.t.Word()
	p.Send("/ping " + token + "\n")
	return p.Until("* pong " + token)
}

// refused hears an error of that code, whatever is said meanwhile.
func (p *person) refused(code string) { p.UntilBegin("! ", "! "+code+" ") }

// lobby is where everybody begins.
const lobby = "[#lobby] "

// Chat checks a room in which all hear each other.
func Chat() *check.Suite {
	return &check.Suite{
		Name: "chat", About: "a room: what one says, all others hear", Page: "chat.md", Service: "chat-server", Port: "8126",
		Checks: []check.Check{
			{
				Clause: "CHAT-7",
				Title:  "who comes is welcomed, under a guest's name, into the lobby",
				Do:     chatWelcome,
				Cause:  "there is no welcome yet, it waits for the client to say something, lacks a line end, or two guests have one name",
				Hints: [3]string{
					"Who speaks first, and what are the first two lines?",
					"The server does: the welcome with a guest's name, then who has joined which channel, and how many are there.",
					"Count connections from 1 and never use a number twice. \"* you joined #lobby, N here\" counts oneself.",
				},
				ReadOn: "lesson 5, step 2",
			},
			{
				Clause: "CHAT-28",
				Others: []string{"CHAT-2"},
				Title:  "a line with / is a command: /ping, /help, and those that are unknown or lack something",
				Do:     chatCommands,
				Cause:  "the line is passed on to the others instead of being looked up, or the answer has another form",
				Hints: [3]string{
					"How does your server tell a command from what is said?",
					"By the first letter, /. The answer is for the one who asked, and nobody else hears it.",
					"\"* pong TOKEN\"; \"! unknown /word, try /help\"; \"! usage \" and how to write it. Capitals count as small letters.",
				},
				ReadOn: "lesson 5, step 4",
			},
			{
				Clause: "CHAT-21",
				Title:  "/nick takes another name, and the others are told",
				Do:     chatNick,
				Cause:  "the others are not told, or the one who has a new name is told twice",
				Hints: [3]string{
					"Who has to know that you have another name?",
					"You: \"* you are now NEW\". The others in the room: \"* OLD is now NEW\".",
					"Tell the others first, then change the name, then answer.",
				},
				ReadOn: "lesson 5, step 3",
			},
			{
				Clause: "CHAT-11",
				Title:  "what one says all others hear, and the one who says it does not",
				Do:     chatTalk,
				Cause:  "the line goes back to its sender, or only to one of the others",
				Hints: [3]string{
					"To whom does your loop write, and whom does it leave out?",
					"To everybody in the room but the one from whom the line came. That one has typed it and sees it already.",
					"for each other of room: if other is not sender: write(\"[#lobby] \" + nick + \": \" + text + \"\\n\").",
				},
				ReadOn: "lesson 5, step 3",
			},
			{
				Clause: "CHAT-1",
				Title:  "a line is a line however it comes, and the \\r of telnet is no part of it",
				Do:     chatFraming,
				Cause:  "one read is taken for one line; or the line is cut at \\n and the \\r stays, in names as well",
				Hints: [3]string{
					"Which bytes does telnet send for Enter, and where do they end up?",
					"CR LF. Cut at LF, then drop one CR. A name with a CR at its end is never found again.",
					"Keep the rest of what you have read until its LF comes. What stands before a FIN is a line as well.",
				},
				ReadOn: "lesson 3, step 6",
			},
			{
				Clause: "CHAT-13",
				Title:  "/me says what one does",
				Do:     chatMe,
				Cause:  "/me is not known, or looks like something said",
				Hints: [3]string{
					"How is \"* bob waves\" told from \"bob: waves\"?",
					"By the star before the name: [#lobby] * bob waves. It goes where what one says goes.",
					"Use the function that carries what is said, with another way to write the line.",
				},
				ReadOn: "lesson 5, step 3",
			},
			{
				Clause: "CHAT-30",
				Title:  "/msg is heard by one person alone",
				Do:     chatMsg,
				Cause:  "the message is passed on to the room, or back to its sender; or a name that nobody has ends in silence",
				Hints: [3]string{
					"Who hears a private word?",
					"The one it is for, and nobody else. If there is nobody of that name: \"! nobody …\".",
					"Look the name up among all who are there, in small letters. Write one line, to that connection.",
				},
				ReadOn: "lesson 5, step 4",
			},
			{
				Clause: "CHAT-23",
				Others: []string{"CHAT-22"},
				Title:  "a name that somebody has is refused, in any case of letters, and so is one that cannot be",
				Do:     chatNames,
				Cause:  "names are compared letter by letter, so that Bob and bob are two people",
				Hints: [3]string{
					"Are Alice and ALICE one person?",
					"They are: names are compared without regard to case, and shown as they were typed.",
					"Keep people in a map by the lower case of their names. 2 to 20 letters, digits, _ or -; guest-N is not for them.",
				},
				ReadOn: "lesson 7, step 2",
			},
			{
				Clause: "CHAT-9",
				Others: []string{"CHAT-8"},
				Title:  "who leaves is missed: by /quit, by a FIN, or by a RST",
				Do:     chatLeaving,
				Cause:  "a connection that has ended stays in the list of the room, or its end is told in one of the ways only",
				Hints: [3]string{
					"In how many ways can a client leave, and does your server notice each?",
					"It says /quit, it sends a FIN, or it breaks off. In all three the others hear \"* nick quit (why)\", once.",
					"Take the client out in one place, which is reached whatever ends the loop: finally, defer, on('close').",
				},
				ReadOn: "lesson 5, step 5",
			},
			{
				Clause: "CHAT-4",
				Title:  "what one says can do nothing to the screens of others",
				Do:     chatControl,
				Cause:  "escape sequences and control characters are passed on, or bytes that are not UTF-8 end the server",
				Hints: [3]string{
					"What happens to your screen when somebody says ESC [ 2 J?",
					"It is cleared, by a stranger. Take out control characters, and with ESC the sequence that it begins.",
					"Bytes that are not UTF-8 become U+FFFD, TAB a blank; a line of which nothing is left is not passed on.",
				},
				ReadOn: "lesson 8, step 4",
			},
			{
				Clause: "CHAT-3",
				Title:  "a line that is too long is refused, and the next one is delivered",
				Do:     chatTooLong,
				Cause:  "there is no limit on a line, so one client can fill the memory",
				Hints: [3]string{
					"What does your server do with a client that never sends a line end?",
					"1,024 bytes are enough for everybody. What is longer is refused as soon as that is known.",
					"Past the limit: say the error, throw away what comes up to the next LF, and go on.",
				},
				ReadOn: "lesson 3, step 6",
			},
			{
				Clause: "CHAT-12",
				Title:  "all hear the same lines in the same order",
				Do:     chatOrder,
				Cause:  "each client's thread writes to the others by itself, so that two lines overtake each other, or mix",
				Hints: [3]string{
					"Alice and bob speak at the same time. Can carol hear alice first, and dave bob?",
					"Not if one line is carried at a time: a room needs one order for all.",
					"Hold one mutex while a line is put into all queues of the room; or let one goroutine carry all lines.",
				},
				ReadOn: "lesson 5, step 4",
			},
			{
				Clause: "CHAT-6",
				Title:  "telnet's commands are no part of a line; Ctrl-C and Ctrl-D are a goodbye",
				Do:     chatTelnet,
				Cause:  "the bytes FF and 04 are taken for text",
				Hints: [3]string{
					"What does telnet send on Ctrl-C?",
					"FF F4 FF FD 06, and it waits for FF FC 06. Ctrl-D is the byte 04 on an empty line.",
					"Refuse options: WILL x with DONT x (FF FE x), DO x with WONT x (FF FC x). Say \"* goodbye\", then close.",
				},
				ReadOn: "lesson 1, \"How to leave\"",
			},
			{
				Clause: "CHAT-5",
				Title:  "one who says too much at once is told to slow down",
				Do:     chatFlood,
				Cause:  "there is no limit on how much one client may say",
				Hints: [3]string{
					"What can one client do to a room that carries everything?",
					"Fill everybody's screen. So each may say 20 lines at once, and then 10 a second.",
					"Count for each client: a token for a line, 20 at most, 10 new ones a second. No token: \"! slow down, …\".",
				},
				ReadOn: "lesson 5, step 7",
			},
		},
		Unchecked: map[string]string{
			"CHAT-10": full + "; and an idle client, or a server that is stopped, takes an hour, or a hand on the server",
		},
	}
}

func chatWelcome(t *check.Try) {
	numbers := make(map[string]bool)
	for _, name := range []string{"alice", "bob"} {
		p := t.Dial(name)
		number, rest, _ := strings.Cut(p.ExpectBegin("* welcome, you are guest-"), ";")
		if rest != " /help lists the commands" {
			t.Fail("the welcome does not end with \"; /help lists the commands\"")
		}
		if numbers[number] {
			t.Fail("two are called guest-%s", number)
		}
		numbers[number] = true
		here := p.ExpectBegin("* you joined #lobby, ")
		if !strings.HasSuffix(here, " here") {
			t.Fail("\"* you joined #lobby, \" does not go on with a number and \" here\", but with %q", here)
		}
	}
}

func chatCommands(t *check.Try) {
	bob, alice := comes(t, "bob"), comes(t, "alice")
	word := t.Word()
	alice.Send("/ping " + word + "\n/PING\n")
	alice.Until("* pong " + word)
	alice.Until("* pong")
	alice.Send("/" + word + " here\n")
	alice.Until("! unknown /" + word + ", try /help")
	alice.Send("/msg bob\n/nick\n")
	alice.Until("! usage /msg NICK TEXT")
	alice.Until("! usage /nick NAME")
	alice.Send("/help\n")
	help := alice.settles()
	if !slices.ContainsFunc(help, func(line string) bool { return strings.HasPrefix(line, "* /quit") }) {
		alice.MustHave(help, "* /quit …")
	}
	bob.MustNotHave(bob.settles(), word)
}

func chatNick(t *check.Try) {
	bob, alice := comes(t, "bob"), comes(t, "alice")
	is := "new-" + t.Word()
	alice.Send("/nick " + is + "\n")
	alice.Until("* you are now " + is)
	bob.Until("* " + alice.nick + " is now " + is)
	alice.MustNotHave(alice.settles(), alice.nick)
}

func chatTalk(t *check.Try) {
	alice, bob, carol := comes(t, "alice"), comes(t, "bob"), comes(t, "carol")
	for range 2 {
		word := t.Word()
		alice.Send("  hello " + word + "  \n")
		bob.Until(lobby + alice.nick + ": hello " + word)
		carol.Until(lobby + alice.nick + ": hello " + word)
		alice.MustNotHave(alice.settles(), word)
	}
}

func chatFraming(t *check.Try) {
	alice := comes(t, "alice")
	bob := t.Dial("bob")
	name := "bob-" + t.Word()
	bob.ExpectBegin("* welcome")
	bob.Send("/nick " + name + "\r\n")
	bob.Until("* you are now " + name)
	one, two, three, four := t.Word(), t.Word(), t.Word(), t.Word()
	bob.Send(one + "\r\n" + two + "\n\n" + three[:3])
	alice.Until(lobby + name + ": " + one)
	alice.Until(lobby + name + ": " + two)
	alice.MustNotHave(alice.settles(), name+": "+three[:3])
	bob.Send(three[3:] + "\n")
	alice.Until(lobby + name + ": " + three)
	bob.Send(four)
	bob.CloseWrite()
	alice.Until(lobby + name + ": " + four)
}

func chatMe(t *check.Try) {
	alice, bob := comes(t, "alice"), comes(t, "bob")
	word := t.Word()
	alice.Send("/me " + word + "s\n")
	bob.Until(lobby + "* " + alice.nick + " " + word + "s")
	alice.MustNotHave(alice.settles(), word)
}

func chatMsg(t *check.Try) {
	alice, bob, carol := comes(t, "alice"), comes(t, "bob"), comes(t, "carol")
	word := t.Word()
	alice.Send("/msg " + bob.nick + " psst, " + word + "\n")
	bob.Until("[" + alice.nick + " -> you] psst, " + word)
	alice.MustNotHave(alice.settles(), word)
	carol.MustNotHave(carol.settles(), word)
	alice.Send("/msg nobody-" + word + " psst\n")
	alice.refused("nobody")
}

func chatNames(t *check.Try) {
	alice, bob := comes(t, "alice"), comes(t, "bob")
	for _, refused := range []struct{ name, code string }{
		{strings.ToUpper(alice.nick), "taken"},
		{"guest-7", "taken"},
		{"x", "nick"},
		{strings.Repeat("x", 21), "nick"},
		{"a.b", "nick"},
	} {
		bob.Send("/nick " + refused.name + "\n")
		bob.refused(refused.code)
	}
	word := "ül-" + t.Word()
	bob.Send("/nick " + word + "\n")
	bob.Until("* you are now " + word)
}

func chatLeaving(t *check.Try) {
	alice, bob, carol, dave, erin := comes(t, "alice"), comes(t, "bob"), comes(t, "carol"), comes(t, "dave"), comes(t, "erin")
	bob.Send("/quit see you\n")
	bob.Until("* goodbye")
	bob.ExpectEnd()
	alice.Until("* " + bob.nick + " quit (see you)")
	carol.CloseWrite()
	carol.SkipToEnd()
	alice.Until("* " + carol.nick + " quit (connection closed)")
	dave.settles()
	dave.Reset()
	alice.Until("* " + dave.nick + " quit (connection lost)")
	heard := alice.settles()
	alice.MustNotHave(heard, bob.nick)
	word := t.Word()
	alice.Send(word + "\n")
	erin.Until(lobby + alice.nick + ": " + word)
}

func chatControl(t *check.Try) {
	alice, bob := comes(t, "alice"), comes(t, "bob")
	word := t.Word()
	for _, evil := range []string{"\x1b[2J" + word + "\x1b[31m", "\x1b]0;title\a" + word, word + "\u202e\u2028", "\a" + word} {
		alice.Send(evil + "\n")
		bob.Until(lobby + alice.nick + ": " + word)
	}
	alice.Send(word + "\t\xff!\n")
	bob.Until(lobby + alice.nick + ": " + word + " \uFFFD!")
	alice.Send("\x1b[2J\n")
	bob.MustNotHave(bob.settles(), alice.nick)
}

func chatTooLong(t *check.Try) {
	const maxLine = 1024
	alice, bob := comes(t, "alice"), comes(t, "bob")
	alice.Send(strings.Repeat("x", maxLine+1))
	alice.Until("! toolong at most 1024 bytes in a line, this one was not delivered") // its end has not come
	word := t.Word()
	alice.Send("xxx\n" + word + "\n")
	heard := bob.Until(lobby + alice.nick + ": " + word)
	bob.MustNotHave(heard, "xxx")
}

func chatOrder(t *check.Try) {
	const times = 5
	speakers := []*person{comes(t, "alice"), comes(t, "bob")}
	listeners := []*person{comes(t, "carol"), comes(t, "dave")}
	word := t.Word()
	t.Together(len(speakers), len(speakers), func(i int) {
		for n := range times {
			speakers[i].Send(fmt.Sprintf("%s %d\n", word, n))
		}
	})
	var first []string
	for _, listener := range listeners {
		var heard []string
		for len(heard) < len(speakers)*times {
			if line := listener.Line(fmt.Sprintf("%d lines with %s", len(speakers)*times, word)); strings.Contains(line, word) {
				heard = append(heard, line)
			}
		}
		if first == nil {
			first = heard
		}
		if !slices.Equal(heard, first) {
			t.Fail("carol and dave did not hear the same lines in the same order: %q and %q", first, heard)
		}
	}
	for _, speaker := range speakers {
		last := -1
		for _, line := range first {
			var n int
			if _, err := fmt.Sscanf(line, lobby+speaker.nick+": "+word+" %d", &n); err != nil {
				continue
			}
			if n != last+1 {
				t.Fail("%s said 0 to %d in their order, and carol heard %q", speaker.Name, times-1, first)
			}
			last = n
		}
	}
}

func chatTelnet(t *check.Try) {
	alice, bob := comes(t, "alice"), comes(t, "bob")
	bob.settles()
	word := t.Word()
	alice.Send(word[:3] + "\xff\xf1\x00" + word[3:] + "\n") // IAC NOP, and NUL
	bob.Until(lobby + alice.nick + ": " + word)
	bob.Send("\x04")
	bob.Until("* goodbye")
	bob.ExpectEnd()
	alice.settles()
	alice.Send("\xff\xf4\xff\xfd\x06")
	alice.Until("\xff\xfc\x06* goodbye")
	alice.ExpectEnd()
}

func chatFlood(t *check.Try) {
	alice := comes(t, "alice")
	alice.Send(strings.Repeat("\n", 60)) // empty lines disturb nobody, and count all the same
	alice.Until("! slow down, at most 10 lines a second, this one was not delivered")
}
