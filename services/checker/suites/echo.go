package suites

import (
	"strings"
	"time"

	"socketlab/checker/check"
)

// Echo checks a server that sends back every byte.
func Echo() *check.Suite {
	return &check.Suite{
		Name: "echo", About: "every byte comes back", Page: "echo.md", Service: "echo-server", Port: "8124",
		Checks: []check.Check{
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
			{
				Clause: "ECHO-6",
				Title:  "a second client is served while the first one is silent",
				Do:     echoTwoClients,
				Cause:  "the server serves one client only: it reads from the first one and meanwhile accepts nobody",
				Hints: [3]string{
					"What does your accept loop do while it waits for the first client to say something?",
					"A read waits. Whoever calls it does nothing else meanwhile. So accept and read must not wait in one place.",
					"Give each connection a thread, a goroutine or a task of its own, and go back to accept at once.",
				},
				ReadOn: "lesson 1, step 4",
			},
			{
				Clause: "ECHO-6",
				Title:  "each client hears its own words, and nobody else's",
				Do:     echoPrivate,
				Cause:  "what belongs to one connection is kept in one variable for all: the buffer, or the connection itself",
				Hints: [3]string{
					"Which variables of your server do two clients share?",
					"A global buffer, or a global \"client\" that each new connection overwrites, mixes them.",
					"Declare buffer and connection inside the function that serves one client, and hand them on as arguments.",
				},
				ReadOn: "lesson 1, step 4",
			},
			{
				Clause: "ECHO-7",
				Title:  "a client that breaks off does not end the server",
				Do:     echoReset,
				Cause:  "an error of one connection (ECONNRESET, EPIPE, SIGPIPE) is caught by nobody, and ends the whole program",
				Hints: [3]string{
					"What does your program do when a read or a write fails? Look at its last words.",
					"A client may vanish at any moment, by a crash or a broken cable. For the server that is an event, not a disaster.",
					"Node: socket.on('error', …) for each connection. Python: catch ConnectionError around the loop. C: signal(SIGPIPE, SIG_IGN).",
				},
				ReadOn: "lesson 4, step 5",
			},
			{
				Clause: "ECHO-6",
				Title:  "a client that does not read holds up nobody else",
				Do:     echoSlowReader,
				Cause:  "one loop writes to all clients and waits in write until the slow one takes something; or a lock is held meanwhile",
				Hints: [3]string{
					"Where does your server wait when a client does not read, and who waits with it?",
					"The buffers of both kernels fill up; then write waits. Only the goroutine, thread or task of that client may wait there.",
					"A thread or task for each client, no common lock around write; with select or poll, ask for writability before you write.",
				},
				ReadOn: "lesson 4, step 7",
			},
			{
				Clause: "ECHO-7",
				Others: []string{"ECHO-6"},
				Title:  "a thousand clients come and go, and the next one is served",
				Do:     echoThousand,
				Cause:  "connections are not closed when their client is gone, so that descriptors leak until accept fails (EMFILE)",
				Hints: [3]string{
					"How many sockets does your server hold when all clients have gone? On Linux: ls /proc/PID/fd | wc -l",
					"Each connection is an open file, and a program may have some hundred or thousand. One that is never closed is lost.",
					"Close the connection on every way out, errors too: defer conn.Close(), with, try/finally.",
				},
				ReadOn: "lesson 4, step 3",
			},
		},
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

func echoTwoClients(t *check.Try) {
	word := t.Word()
	t.Dial("alice") // and says nothing
	bob := t.Dial("bob")
	bob.Send(word + "\n")
	bob.Expect(word + "\n")
}

func echoPrivate(t *check.Try) {
	alice, bob := t.Dial("alice"), t.Dial("bob")
	for range 3 {
		one, two := t.Word(), t.Word()
		alice.Send(one)
		alice.Expect(one)
		bob.Send(two)
		bob.Expect(two)
	}
	bob.CloseWrite()
	bob.ExpectEnd()
	word := t.Word()
	alice.Send(word)
	alice.Expect(word)
	alice.CloseWrite()
	alice.ExpectEnd()
}

func echoReset(t *check.Try) {
	bob := t.Dial("bob")
	bob.Send("one")
	bob.Expect("one")
	for range 5 {
		alice := t.Dial("alice")
		alice.Send(t.Word())
		alice.Reset() // before, while or after the answer is sent
		carol := t.Dial("carol")
		word := t.Word()
		carol.Send(word)
		carol.Expect(word) // it is certain now that she is served
		carol.Send(strings.Repeat("?", 32<<10))
		carol.Reset() // with the answer on its way, which she will never read
	}
	bob.Send("two")
	bob.Expect("two")
	dave := t.Dial("dave")
	dave.Send("three")
	dave.Expect("three")
}

// floodSize is more than the buffers of two kernels hold for a connection.
const floodSize = 32 << 20

func echoSlowReader(t *check.Try) {
	bob := t.Dial("bob")
	bob.Send("one")
	bob.Expect("one")
	alice := t.Dial("alice")
	alice.Flood(strings.Repeat(t.Word(), 4<<10), floodSize)
	bob.Send("two")
	bob.Expect("two")
	carol := t.Dial("carol")
	carol.Send("three")
	carol.Expect("three")
}

func echoThousand(t *check.Try) {
	const guests, atOnce = 1000, 20
	t.Together(guests, atOnce, func(i int) {
		guest := t.Dial("a guest")
		guest.Send("here")
		guest.Expect("here")
		if i%2 == 0 {
			guest.CloseWrite()
			guest.ExpectEnd()
			guest.Close()
		} else {
			guest.Reset()
		}
	})
	alice := t.Dial("alice")
	alice.Send("still there?")
	alice.Expect("still there?")
}
