package suites

import (
	"strings"

	"socketlab/checker/check"
)

// A talk is how one exchanges a word with a server, for checks that are the same
// in every protocol in which each client has a talk of its own.
type talk struct {
	// enter connects, and hears what is said to one who comes.
	enter func(t *check.Try, name string) *check.Peer
	// say says a word and hears the answer.
	say func(p *check.Peer, word string)
}

// manyClients are the checks with several clients. apart is the clause that says
// that they do not disturb each other, broken the one about those that break
// off.
func manyClients(apart, broken string, tk talk) []check.Check {
	var alsoApart []string
	if apart != broken {
		alsoApart = []string{apart}
	}
	return []check.Check{
		{
			Clause: apart,
			Title:  "a second client is served while the first one is silent",
			Do:     tk.twoClients,
			Cause:  "the server serves one client only: it reads from the first one and meanwhile accepts nobody",
			Hints: [3]string{
				"What does your accept loop do while it waits for the first client to say something?",
				"A read waits. Whoever calls it does nothing else meanwhile. So accept and read must not wait in one place.",
				"Give each connection a thread, a goroutine or a task of its own, and go back to accept at once.",
			},
			ReadOn: "lesson 1, step 4",
		},
		{
			Clause: apart,
			Title:  "each client hears its own words, and nobody else's",
			Do:     tk.private,
			Cause:  "what belongs to one connection is kept in one variable for all: the buffer, or the connection itself",
			Hints: [3]string{
				"Which variables of your server do two clients share?",
				"A global buffer, or a global \"client\" that each new connection overwrites, mixes them.",
				"Declare buffer and connection inside the function that serves one client, and hand them on as arguments.",
			},
			ReadOn: "lesson 1, step 4",
		},
		{
			Clause: broken,
			Title:  "a client that breaks off does not end the server",
			Do:     tk.reset,
			Cause:  "an error of one connection (ECONNRESET, EPIPE, SIGPIPE) is caught by nobody, and ends the whole program",
			Hints: [3]string{
				"What does your program do when a read or a write fails? Look at its last words.",
				"A client may vanish at any moment, by a crash or a broken cable. For the server that is an event, not a disaster.",
				"Node: socket.on('error', …) for each connection. Python: catch ConnectionError around the loop. C: signal(SIGPIPE, SIG_IGN).",
			},
			ReadOn: "lesson 4, step 5",
		},
		{
			Clause: apart,
			Title:  "a client that does not read holds up nobody else",
			Do:     tk.slowReader,
			Cause:  "one loop writes to all clients and waits in write until the slow one takes something; or a lock is held meanwhile",
			Hints: [3]string{
				"Where does your server wait when a client does not read, and who waits with it?",
				"The buffers of both kernels fill up; then write waits. Only the goroutine, thread or task of that client may wait there.",
				"A thread or task for each client, no common lock around write; with select or poll, ask for writability before you write.",
			},
			ReadOn: "lesson 4, step 7",
		},
		{
			Clause: broken,
			Others: alsoApart,
			Title:  "a thousand clients come and go, and the next one is served",
			Do:     tk.thousand,
			Cause:  "connections are not closed when their client is gone, so that descriptors leak until accept fails (EMFILE)",
			Hints: [3]string{
				"How many sockets does your server hold when all clients have gone? On Linux: ls /proc/PID/fd | wc -l",
				"Each connection is an open file, and a program may have some hundred or thousand. One that is never closed is lost.",
				"Close the connection on every way out, errors too: defer conn.Close(), with, try/finally.",
			},
			ReadOn: "lesson 4, step 3",
		},
	}
}

func (tk talk) twoClients(t *check.Try) {
	word := t.Word()
	t.Dial("alice") // and says nothing
	bob := tk.enter(t, "bob")
	tk.say(bob, word)
}

func (tk talk) private(t *check.Try) {
	alice, bob := tk.enter(t, "alice"), tk.enter(t, "bob")
	for range 3 {
		tk.say(bob, t.Word())
		tk.say(alice, t.Word())
	}
	bob.CloseWrite()
	bob.ExpectEnd()
	tk.say(alice, t.Word())
	alice.CloseWrite()
	alice.ExpectEnd()
}

func (tk talk) reset(t *check.Try) {
	bob := tk.enter(t, "bob")
	tk.say(bob, "one")
	for range 5 {
		alice := t.Dial("alice")
		alice.Send(t.Word() + "\n")
		alice.Reset() // before, while or after the answer is sent
		carol := tk.enter(t, "carol")
		tk.say(carol, t.Word()) // it is certain now that she is served
		carol.Send(strings.Repeat("???????\n", 4<<10))
		carol.Reset() // with answers on their way that she will never read
	}
	tk.say(bob, "two")
	tk.say(tk.enter(t, "dave"), "three")
}

// floodSize is more than the buffers of two kernels hold for a connection.
const floodSize = 32 << 20

func (tk talk) slowReader(t *check.Try) {
	bob := tk.enter(t, "bob")
	tk.say(bob, "one")
	alice := t.DialNarrow("alice")
	line := strings.Repeat(t.Word(), 100) + "\n"
	alice.Flood(strings.Repeat(line, 50), floodSize, func() { tk.say(bob, "two") })
	tk.say(tk.enter(t, "carol"), "three")
}

func (tk talk) thousand(t *check.Try) {
	const guests, atOnce = 1000, 20
	t.Together(guests, atOnce, func(i int) {
		guest := tk.enter(t, "a guest")
		tk.say(guest, "here")
		if i%2 == 0 {
			guest.CloseWrite()
			guest.ExpectEnd()
			guest.Close()
		} else {
			guest.Reset()
		}
	})
	tk.say(tk.enter(t, "alice"), "still there?")
}
