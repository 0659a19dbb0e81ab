package suites

import (
	"slices"
	"time"

	"socketlab/checker/check"
)

// Echo checks a server that sends back every byte.
func Echo() *check.Suite {
	return &check.Suite{
		Name: "echo", About: "every byte comes back", Page: "echo.md", Service: "echo-server", Port: "8124",
		Checks: slices.Concat([]check.Check{
			{
				Clause: "ECHO-1",
				Title:  "the client speaks first, and hears itself",
				Do:     echoFirstWord,
				Cause:  "a greeting, a prompt, or a line like \"connected\" was written to the client and not to the log; or nothing is written back yet",
				Hints: [3]string{
					"What is the first thing that your server writes into the connection, and who asked for it?",
					"An echo server writes in one place only: where it has just read. What it wants to tell you goes to its own log.",
					"Take out each write that is not the answer to a read. Then: loop { n = read(buf); if n is 0, stop; write(buf[0:n]) }.",
				},
				ReadOn: "lesson 1, step 7",
			},
			{
				Clause: "ECHO-2",
				Title:  "each message on a connection comes back, not only the first",
				Do:     echoAgain,
				Cause:  "the connection is read once, or closed after the first answer",
				Hints: [3]string{
					"How often does your server read from one connection?",
					"A connection stays open until the client says FIN. Until then there may be more to read.",
					"Put the read and the write into a loop that ends when read returns 0 bytes (the end), and close only behind it.",
				},
				ReadOn: "lesson 1, step 7",
			},
			{
				Clause: "ECHO-4",
				Title:  "what has no line end comes back at once",
				Do:     echoNoLineEnd,
				Cause:  "the server reads lines, or its output waits in a buffer: both hold bytes back until something else comes",
				Hints: [3]string{
					"Does your server wait for Enter?",
					"Functions like readline, Scanner or fgets return when a line has ended. An echo server has no lines (ECHO-3).",
					"Read what there is: recv, read, on('data'). If your output is buffered, flush it after each write.",
				},
				ReadOn: "lesson 3, step 4",
			},
			{
				Clause: "ECHO-3",
				Title:  "two messages in one write both come back",
				Do:     echoJoined,
				Cause:  "one read is taken for one message: only the first line of what was read is answered, or a line end is added to each piece",
				Hints: [3]string{
					"How many messages can one read return?",
					"TCP is a stream: two writes of the client may arrive as one read, and one write as several. The marks are lost.",
					"Write back exactly the bytes that the read has returned, all of them, and do not cut, trim or add anything.",
				},
				ReadOn: "lesson 3, step 4",
			},
			{
				Clause: "ECHO-2",
				Title:  "bytes that are no text come back unchanged",
				Do:     echoBinary,
				Cause:  "the bytes are turned into a string and back: what is not UTF-8 becomes EF BF BD (U+FFFD), and in C a string ends at the first NUL",
				Hints: [3]string{
					"What type has the thing that your read returns, and what type has the thing that you write?",
					"Text is bytes plus an encoding. An echo server needs no text: what is decoded and encoded again is not the same for all bytes.",
					"Node: do not call setEncoding or toString. Python: no decode, keep bytes. C: use the number that read has returned, not strlen.",
				},
				ReadOn: "lesson 3, step 5",
			},
			{
				Clause: "ECHO-2",
				Title:  "much data comes back, whole and in order",
				Do:     echoStream,
				Cause:  "a write may take less than it is given, and returns how much; or what does not fit into a buffer is dropped",
				Hints: [3]string{
					"What does your write return, and do you look at it?",
					"When the client is slower than you, the kernel takes only a part of what you write. The rest is still yours.",
					"Write in a loop until all is taken: sendall in Python, a loop around write in C. In Node write keeps the rest itself.",
				},
				ReadOn: "lesson 4, step 7",
			},
			{
				Clause: "ECHO-5",
				Title:  "what was sent before a half-close still comes back",
				Do:     echoHalfClose,
				Cause:  "the connection is closed as soon as the client's FIN is seen, though there is still something to send",
				Hints: [3]string{
					"The client has said that it will say no more. Has it said that it will not listen?",
					"A FIN closes one direction. What is on its way back may still be sent, and must be.",
					"Send all that was read, and close behind it. Node: end(), not destroy(). Do not answer later by a timer and close before it.",
				},
				ReadOn: "lesson 4, step 2",
			},
			{
				Clause: "ECHO-5",
				Title:  "after the client's FIN the server closes, too",
				Do:     echoClose,
				Cause:  "the end of the stream (read returns 0, or 'end') is not looked for, so the connection stays open for ever",
				Hints: [3]string{
					"What does read return when the client has said goodbye?",
					"It returns 0 bytes, an empty chunk, or EOF. It will do so for ever: nothing more comes.",
					"On 0 bytes leave the loop and close the connection. Node does it by itself unless allowHalfOpen is set: then call end().",
				},
				ReadOn: "lesson 4, step 2",
			},
		}, manyClients("ECHO-6", "ECHO-7", echoTalk)),
		Unchecked: map[string]string{"ECHO-8": full},
	}
}

func echoFirstWord(t *check.Try) {
	word := t.Word()
	alice := t.Dial("alice")
	alice.ExpectNothing()
	alice.Send(word + "\n")
	alice.Expect(word + "\n")
}

func echoAgain(t *check.Try) {
	alice := t.Dial("alice")
	for range 3 {
		word := t.Word()
		alice.Send(word + "\n")
		alice.Expect(word + "\n")
	}
}

func echoNoLineEnd(t *check.Try) {
	word := t.Word()
	alice := t.Dial("alice")
	alice.Send(word)
	alice.Expect(word)
	alice.Send("x")
	alice.Expect("x")
}

func echoJoined(t *check.Try) {
	one, two := t.Word(), t.Word()
	alice := t.Dial("alice")
	alice.Send(one + "\n" + two + "\n")
	alice.Expect(one + "\n" + two + "\n")
	alice.Send("\n\n  " + one + " \r\n")
	alice.Expect("\n\n  " + one + " \r\n")
}

func echoBinary(t *check.Try) {
	alice := t.Dial("alice")
	for _, bytes := range []string{
		"a\x00b\x00",                  // NUL
		"caf\xc3\xa9 \xff\xfe \xc3( ", // é in UTF-8, and bytes that are not
		"\xff\xf4\xff\xfd\x06\x04",    // telnet's Ctrl-C, and Ctrl-D
		string(t.Bytes(64)),
	} {
		alice.Send(bytes)
		alice.Expect(bytes)
	}
	// Two halves of a letter, in two writes.
	alice.Send("\xe2\x82")
	alice.Expect("\xe2\x82")
	alice.Send("\xac")
	alice.Expect("\xac")
}

// The size of the large message: what a quick server is asked for, and a slow
// one.
const (
	mostStream  = 1 << 20
	leastStream = 128
)

func echoStream(t *check.Try) {
	alice := t.Dial("alice")
	const small = 64
	took := time.Hour
	for range 3 {
		word := t.Letters(small)
		began := time.Now()
		alice.Send(word)
		alice.Expect(word)
		took = min(took, time.Since(began))
	}
	alice.Stream(t.Letters(t.Afford(small, took, leastStream, mostStream)))
}

func echoHalfClose(t *check.Try) {
	word := t.Word()
	alice := t.Dial("alice")
	alice.Send(word)
	alice.CloseWrite()
	alice.Expect(word)
}

func echoClose(t *check.Try) {
	word := t.Word()
	alice := t.Dial("alice")
	alice.Send(word + "\n")
	alice.Expect(word + "\n")
	alice.CloseWrite()
	alice.ExpectEnd()
}

// echoTalk is how to talk with an echo server.
var echoTalk = talk{
	enter: func(t *check.Try, name string) *check.Peer { return t.Dial(name) },
	say: func(p *check.Peer, word string) {
		p.Send(word + "\n")
		p.Expect(word + "\n")
	},
}
