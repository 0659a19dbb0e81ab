package suites

import (
	"slices"
	"strings"
	"time"

	"socketlab/checker/check"
)

const greeting = "Hello from the server!\n"

// Upper checks a server that greets, answers lines in capitals, and says QUIT.
func Upper() *check.Suite {
	wire := upperWire{hear: func(p *check.Peer, capitals string) { p.Expect(capitals + "\nQUIT\n") }}
	return &check.Suite{
		Name: "upper", About: "a greeting, and for each line its capitals and QUIT", Page: "upper.md",
		Service: "upper-server", Port: "8125",
		Checks: slices.Concat(
			wire.basics("UPPER-8", "a line is answered with its capitals and QUIT, a line each"),
			[]check.Check{
				{
					Clause: "UPPER-8",
					Title:  "each of two lines in one write is answered, and a line in two writes once",
					Do:     upperFraming,
					Cause:  "one read is taken for one message; but what a read returns may be half a line, or three of them",
					Hints: [3]string{
						"When has your server read a whole line?",
						"Collect what comes. As long as there is a line end in it, take the line before it out and answer that. Keep the rest.",
						"Python: for line in file. Go: bufio.Scanner. Node: rest += text; lines = rest.split('\\n'); rest = lines.pop().",
					},
					ReadOn: "lesson 3, step 6",
				},
				{
					Clause: "UPPER-9",
					Title:  "a line may end in CR LF, and may be empty",
					Do:     upperCRLF,
					Cause:  "the line is cut at LF, and the CR before it is kept as a letter; or empty lines are skipped",
					Hints: [3]string{
						"What does telnet send when you press Enter?",
						"CR and LF, two bytes. The CR belongs to the line end. An empty line is a line and has an answer: an empty one, and QUIT.",
						"When you have cut the line at LF, drop one CR at its end, if there is one. Do not test whether the line is empty.",
					},
					ReadOn: "lesson 1, step 3",
				},
			},
			wire.text(),
			wire.closing(),
			[]check.Check{
				{
					Clause: "UPPER-9",
					Title:  "what stands before the client's FIN is a line, too",
					Do:     upperLastLine,
					Cause:  "what has come without a line end is forgotten when the stream ends",
					Hints: [3]string{
						"What do you do with the rest that you have kept, when the client says FIN?",
						"printf 'hello' | nc -N sends no line end. It is a line all the same: nothing more can come.",
						"At the end of the stream answer what is left, if anything is left, and then close.",
					},
					ReadOn: "lesson 4, step 2",
				},
			},
			manyClients("UPPER-6", "UPPER-6", wire.talk()),
			[]check.Check{
				{
					Clause: "UPPER-10",
					Title:  "a line that is too long is refused, and the next one is answered",
					Do:     upperTooLong,
					Cause:  "there is no limit on a line: one client that never sends a line end fills the server's memory",
					Hints: [3]string{
						"How much memory can one client take that never presses Enter?",
						"Whatever you collect from the network needs a limit. Here it is 65,536 bytes, and the error is said as soon as it is passed.",
						"Past the limit: say the error, throw away what comes up to the next line end, and go on with the line after it.",
					},
					ReadOn: "lesson 3, step 6",
				},
				{
					Clause: "UPPER-11",
					Title:  "telnet's commands and NUL are no part of a line, and options are refused",
					Do:     upperTelnet,
					Cause:  "bytes from FF on are telnet's own language in the stream, and are taken for text",
					Hints: [3]string{
						"What does telnet send besides what you type? Look with tcpdump -X.",
						"FF begins a command of two bytes, or of three where FB to FE follows: WILL, WONT, DO, DONT and an option.",
						"Take commands out of the text. Answer DO x with WONT x (FF FC x), WILL x with DONT x (FF FE x), and nothing else.",
					},
					ReadOn: "lesson 1, step 3",
				},
				{
					Clause: "UPPER-12",
					Title:  "Ctrl-D and telnet's Ctrl-C are answered with a goodbye and a FIN",
					Do:     upperLeave,
					Cause:  "the bytes 04 and FF F4 are taken for text",
					Hints: [3]string{
						"What does telnet send on Ctrl-D, and what on Ctrl-C?",
						"Ctrl-D is the byte 04; on an empty line it means: I leave. Ctrl-C is FF F4, and then FF FD 06, which wants FF FC 06 as answer.",
						"On 04 at the beginning of a line, or FF F4 anywhere: say \"* goodbye\" and LF, and close.",
					},
					ReadOn: "lesson 1, \"How to leave\"",
				},
			}),
		Unchecked: map[string]string{"UPPER-7": full},
	}
}

// UpperRaw checks the same server on the wire of the original guide.
func UpperRaw() *check.Suite {
	wire := upperWire{hear: func(p *check.Peer, capitals string) { p.ExpectAmong(capitals+"\n", "QUIT") }}
	return &check.Suite{
		Name: "upper-raw", About: "the same as the original guide does it: a chunk, its capitals, QUIT", Page: "upper.md",
		Service: "upper-server", Port: "8125",
		Checks: slices.Concat(
			wire.basics("UPPER-13", "a chunk is answered with its capitals and QUIT, without a line end"),
			[]check.Check{
				{
					Clause: "UPPER-13",
					Title:  "a chunk is answered at once, whether a line has ended or not",
					Do:     rawNoLineEnd,
					Cause:  "the server reads lines; the raw wire has none",
					Hints: [3]string{
						"Does your server wait for Enter?",
						"On this wire what one read has found is answered, be it half of what the client wrote or three of its messages.",
						"Node: on('data', …). Python: recv, or read(n) of a stream. Go: conn.Read. No readline.",
					},
					ReadOn: "lesson 3, step 1",
				},
			},
			wire.text(),
			[]check.Check{
				{
					Clause: "UPPER-15",
					Title:  "control characters are text like any other",
					Do:     rawBytes,
					Cause:  "CR, NUL or the byte 04 are cut off or given a meaning; this wire knows none",
					Hints: [3]string{
						"Do you trim what comes, or look for special bytes in it?",
						"All that was read is answered in capitals. What has no upper case stays as it is.",
						"No trim, no split, no strcmp: decode as UTF-8, map to upper case, write, then write QUIT.",
					},
					ReadOn: "lesson 3, step 1",
				},
			},
			wire.closing(),
			manyClients("UPPER-6", "UPPER-6", wire.talk())),
		Unchecked: map[string]string{
			"UPPER-7": full,
			"UPPER-14": "the server of the original guide spoils a character that a read has cut, and this suite is for it; " +
				"lesson 3 shows the difference",
		},
	}
}

// An upperWire is what the two wires have in common.
type upperWire struct {
	// hear expects the answer to a line.
	hear func(p *check.Peer, capitals string)
}

func (w upperWire) enter(t *check.Try, name string) *check.Peer {
	p := t.Dial(name)
	p.Expect(greeting)
	return p
}

func (w upperWire) talk() talk {
	return talk{enter: w.enter, say: func(p *check.Peer, word string) {
		p.Send(word + "\n")
		w.hear(p, strings.ToUpper(word))
	}}
}

// basics are the greeting and the first answers.
func (w upperWire) basics(clause, title string) []check.Check {
	return []check.Check{
		{
			Clause: "UPPER-1",
			Title:  "the server greets, and does not wait for the client",
			Do:     func(t *check.Try) { w.enter(t, "alice") },
			Cause:  "there is no greeting yet, it is written behind the first read, lacks its LF, or has other words",
			Hints: [3]string{
				"Who speaks first here?",
				"The server does, as soon as somebody has connected, and before it reads for the first time.",
				"Write \"Hello from the server!\" and one LF (\\n) before the loop that reads.",
			},
			ReadOn: "lesson 2, step 2",
		},
		{
			Clause: clause,
			Title:  title,
			Do: func(t *check.Try) {
				alice := t.Dial("alice")
				alice.Send("hello from the client\n") // it crosses the greeting on its way
				alice.Expect(greeting)
				w.hear(alice, "HELLO FROM THE CLIENT")
			},
			Cause: "QUIT is not said, is said in other letters, or has another end than the page says",
			Hints: [3]string{
				"Which bytes does your server send behind the capitals? interactive-client -hex shows them.",
				"The answer to what was said comes first, then the word QUIT, which tells the client that it may leave.",
				"Compare the two lines above byte by byte: the caret shows the first one that is different.",
			},
			ReadOn: "lesson 2, step 2",
		},
		{
			Clause: "UPPER-4",
			Title:  "who stays after QUIT is answered again",
			Do: func(t *check.Try) {
				alice := w.enter(t, "alice")
				for range 3 {
					word := t.Word()
					alice.Send(word + "\n")
					w.hear(alice, strings.ToUpper(word))
				}
			},
			Cause: "the server closes behind QUIT; but QUIT is for the client, which closes when it likes",
			Hints: [3]string{
				"Who of the two closes the connection in this protocol?",
				"QUIT means: I have answered, you may leave. The client may also stay and say more.",
				"Put the reading into a loop, and close only when a read says that the client has sent FIN.",
			},
			ReadOn: "lesson 2, step 2",
		},
	}
}

// text are the checks of letters.
func (w upperWire) text() []check.Check {
	return []check.Check{
		{
			Clause: "UPPER-2",
			Title:  "capitals are those of Unicode, not of English alone",
			Do:     w.answers([][2]string{{"été žšč", "ÉTÉ ŽŠČ"}, {"straße ﬃ", "STRASSE FFI"}, {"istanbul", "ISTANBUL"}, {"οδός 🙂", "ΟΔΌΣ 🙂"}}),
			Cause:  "only a to z are mapped, or each letter to one letter; but ß becomes SS",
			Hints: [3]string{
				"What does your language's upper case make of é, and what of ß?",
				"The full mapping of Unicode may make two letters of one. It does not depend on the user's language.",
				"toUpperCase in JavaScript and upper in Python do it on text, not on bytes. Go: golang.org/x/text/cases.",
			},
			ReadOn: "lesson 3, step 5",
		},
		{
			Clause: "UPPER-3",
			Title:  "bytes that are not UTF-8 become U+FFFD, and do no harm",
			Do:     w.answers([][2]string{{"a\xffb", "A\uFFFDB"}, {"\xe2\x82(", "\uFFFD("}, {"\xc3\x9f\xc3 \xc3\xa9", "SS\uFFFD É"}}),
			Cause:  "decoding ends with an error that nobody catches, or broken bytes are passed on as they are",
			Hints: [3]string{
				"What does your decoder do with the byte FF?",
				"Nobody can be kept from sending it. Each piece that is no character is replaced by U+FFFD: EF BF BD.",
				"Python: decode('utf-8', errors='replace'). JavaScript does it by itself. Go: textline.ValidUTF8 of this lab.",
			},
			ReadOn: "lesson 3, step 5",
		},
	}
}

// answers says the first word of each pair and hears the second.
func (w upperWire) answers(words [][2]string) func(*check.Try) {
	return func(t *check.Try) {
		alice := w.enter(t, "alice")
		for _, word := range words {
			alice.Send(word[0] + "\n")
			w.hear(alice, word[1])
		}
	}
}

// closing are the checks of the end.
func (w upperWire) closing() []check.Check {
	return []check.Check{
		{
			Clause: "UPPER-5",
			Title:  "what was said before a half-close is answered, then the server closes",
			Do: func(t *check.Try) {
				alice := w.enter(t, "alice")
				word := t.Word()
				alice.Send(word + "\n")
				alice.CloseWrite()
				w.hear(alice, strings.ToUpper(word))
				alice.ExpectEnd()
			},
			Cause: "the client's FIN is not looked for, so the connection stays open; or it is taken for the end of both directions",
			Hints: [3]string{
				"What does read return after the client's FIN, and what do you do then?",
				"A FIN says: I will say no more. The client still listens for what is due. Then it waits for your FIN.",
				"When read returns 0 bytes: answer what is left, then close.",
			},
			ReadOn: "lesson 4, step 2",
		},
	}
}

func upperFraming(t *check.Try) {
	alice := t.Dial("alice")
	alice.Expect(greeting)
	one, two, three := t.Word(), t.Word(), t.Word()
	alice.Send(one + "\n" + two + "\n")
	alice.Expect(strings.ToUpper(one) + "\nQUIT\n" + strings.ToUpper(two) + "\nQUIT\n")
	alice.Send(three[:3])
	alice.ExpectNothing()
	alice.Send(three[3:] + "\xe2\x82") // and two bytes of the three of a €
	alice.ExpectNothing()
	alice.Send("\xac\n")
	alice.Expect(strings.ToUpper(three) + "€\nQUIT\n")
}

func upperCRLF(t *check.Try) {
	alice := t.Dial("alice")
	alice.Expect(greeting)
	word := t.Word()
	alice.Send(word + "\r\n")
	alice.Expect(strings.ToUpper(word) + "\nQUIT\n")
	alice.Send("\n\r\n")
	alice.Expect("\nQUIT\n\nQUIT\n")
}

func upperLastLine(t *check.Try) {
	alice := t.Dial("alice")
	alice.Expect(greeting)
	word := t.Word()
	alice.Send("one\n" + word)
	alice.CloseWrite()
	alice.Expect("ONE\nQUIT\n" + strings.ToUpper(word) + "\nQUIT\n")
	alice.ExpectEnd()
}

// upperMaxLine is how long a line may be, in bytes.
const upperMaxLine = 64 << 10

func upperTooLong(t *check.Try) {
	const tooLong = "! line too long, at most 65536 bytes\n"
	alice := t.Dial("alice")
	alice.Expect(greeting)
	alice.Send(strings.Repeat("x", upperMaxLine+1))
	alice.Expect(tooLong) // its end has not come
	alice.Send("xxx\nshort\n")
	alice.Expect("SHORT\nQUIT\n")

	// One that is as long as it may be: a slow server needs too long for it.
	began := time.Now()
	alice.Send(strings.Repeat("y", 1000) + "\n")
	alice.Expect(strings.Repeat("Y", 1000) + "\nQUIT\n")
	if t.Afford(1000, time.Since(began), 0, upperMaxLine) == upperMaxLine {
		alice.Send(strings.Repeat("z", upperMaxLine) + "\n")
		alice.Expect(strings.Repeat("Z", upperMaxLine) + "\nQUIT\n")
	}
}

func upperTelnet(t *check.Try) {
	alice := t.Dial("alice")
	alice.Expect(greeting)
	alice.Send("a\xff\xf1b\x00c\n") // IAC NOP, and NUL
	alice.Expect("ABC\nQUIT\n")
	alice.Send("\xff\xfb\x01") // WILL ECHO
	alice.Expect("\xff\xfe\x01")
	alice.Send("\xff\xfd\x03") // DO SUPPRESS-GO-AHEAD
	alice.Expect("\xff\xfc\x03")
	alice.Send("d\r\x00e\n") // CR NUL ends a line
	alice.Expect("D\nQUIT\nE\nQUIT\n")
}

func upperLeave(t *check.Try) {
	alice := t.Dial("alice")
	alice.Expect(greeting)
	alice.Send("\x04")
	alice.Expect("* goodbye\n")
	alice.ExpectEnd()
	bob := t.Dial("bob")
	bob.Expect(greeting)
	bob.Send("half a line\xff\xf4\xff\xfd\x06")
	bob.Expect("\xff\xfc\x06* goodbye\n")
	bob.ExpectEnd()
}

func rawNoLineEnd(t *check.Try) {
	alice := t.Dial("alice")
	alice.Expect(greeting)
	alice.Send("no end")
	alice.ExpectAmong("NO END", "QUIT")
	alice.Send("one\ntwo")
	alice.ExpectAmong("ONE\nTWO", "QUIT")
}

func rawBytes(t *check.Try) {
	alice := t.Dial("alice")
	alice.Expect(greeting)
	alice.Send("  a\r\x00b \r\n")
	alice.ExpectAmong("  A\r\x00B \r\n", "QUIT")
	alice.Send("\x04")
	alice.ExpectAmong("\x04", "QUIT")
	alice.Send("\xff\xf4.")
	alice.ExpectAmong("\uFFFD\uFFFD.", "QUIT")
}
