package suites

import (
	"strings"

	"socketlab/checker/check"
)

// Client checks a client of the upper server: here the checker is the server.
//
// Whether the client reads lines or, as the original guide's, looks for QUIT in
// what has come, is its own affair: so the LF behind a QUIT that comes alone is
// sent a moment later, when the client should have left if it does not need it.
func Client() *check.Suite {
	return &check.Suite{
		Name: "client", About: "a client of yours that says hello and leaves on QUIT; the checker is the server", Page: "upper.md",
		Port: "8129", Listens: true,
		Checks: []check.Check{
			{
				Clause: "UPPER-1",
				Title:  "the client hears the greeting, and says something",
				Do:     clientSpeaks,
				Cause:  "the client waits for more than the greeting before it speaks, or never sends what it has to say",
				Hints: [3]string{
					"What does your client wait for before it says hello?",
					"The greeting and the hello may cross on the way: neither side has to wait for the other.",
					"Send your line as soon as you are connected, with LF at its end, and flush it if your output is buffered.",
				},
				ReadOn: "lesson 2, step 3",
			},
			{
				Clause: "UPPER-4",
				Title:  "it leaves when QUIT comes by itself",
				Do:     quitAlone,
				Cause:  "QUIT is not looked for, or the connection is not closed when it has come",
				Hints: [3]string{
					"What does your client do when it hears QUIT?",
					"QUIT means: you may leave. To leave is to send FIN. The server waits for that, and will not close by itself.",
					"Close the connection: end() in Node, close() in Python, Close in Go. To stop reading is not enough.",
				},
				ReadOn: "lesson 2, step 3",
			},
			{
				Clause: "UPPER-13",
				Others: []string{"UPPER-8"},
				Title:  "it leaves when QUIT comes together with the answer",
				Do:     quitJoined,
				Cause:  "one read is compared with \"QUIT\"; but what a read returns may begin with the answer and end in QUIT",
				Hints: [3]string{
					"Is what one read returns always one message?",
					"The server has written twice, and your read has found both: TCP keeps no marks between them.",
					"Collect what comes, cut it into lines at LF, and compare each line with QUIT.",
				},
				ReadOn: "lesson 3, step 3",
			},
			{
				Clause: "UPPER-13",
				Title:  "it leaves when QUIT comes in pieces",
				Do:     quitCut,
				Cause:  "each chunk is looked at by itself; but the word may be cut anywhere",
				Hints: [3]string{
					"What does your client do with \"QU\", and what with \"IT\" a moment later?",
					"Neither piece is QUIT. Only together they are, so somebody has to keep the first.",
					"Keep what has come since the last LF in a variable outside of the function that gets the chunks.",
				},
				ReadOn: "lesson 3, step 6",
			},
			{
				Clause: "UPPER-4",
				Title:  "it waits for a QUIT that comes late",
				Do:     quitLate,
				Cause:  "the client leaves after a pause, or after so many reads, instead of on QUIT",
				Hints: [3]string{
					"How does your client know that it is over?",
					"By QUIT alone. A pause says nothing: the server may be busy, the network slow.",
					"Take out the timer, or the counter, that closes the connection. (A limit of many seconds is fine.)",
				},
				ReadOn: "lesson 3, step 4",
			},
			{
				Clause: "UPPER-8",
				Title:  "it stays when QUIT is only a part of a word",
				Do:     quitInside,
				Cause:  "the text is searched for QUIT anywhere, so that MOSQUITO makes the client leave",
				Hints: [3]string{
					"What would your client do if somebody had said \"mosquito\"?",
					"QUIT is a line of its own. That the letters occur somewhere is not enough.",
					"Compare the whole line with QUIT: ==, not includes, contains or in.",
				},
				ReadOn: "lesson 3, step 7",
			},
			{
				Clause: "UPPER-7",
				Title:  "it ends when the server closes without a QUIT",
				Do:     serverCloses,
				Cause:  "the end of the stream is not looked for, so the client waits for ever for a server that has gone",
				Hints: [3]string{
					"What does your client do when read returns 0 bytes?",
					"A server may be full, or shut down: it says so and closes, and no QUIT will come.",
					"On the end of the stream close your side, too, and end the program.",
				},
				ReadOn: "lesson 4, step 2",
			},
		},
	}
}

// answered greets the next client and returns it, with the answer that is due to
// what it has said.
func answered(t *check.Try) (client *check.Peer, answer string) {
	client = t.Accept("the checker")
	client.Send(greeting)
	said := client.Something("what the client says, such as \"Hello from the client!\\n\"")
	return client, strings.TrimRight(strings.ToUpper(said), "\r\n") + "\n"
}

func clientSpeaks(t *check.Try) {
	client, answer := answered(t)
	client.Send(answer)
	client.ExpectNothing()
	client.Send("QUIT\n") // whether it leaves on that is for the next check
}

func quitAlone(t *check.Try) {
	client, answer := answered(t)
	client.Send(answer)
	client.ExpectNothing()
	sayQuit(client, "QUIT")
}

// sayQuit says QUIT, the last piece of it being last. A client that reads lines
// gets the LF it needs a moment later.
func sayQuit(client *check.Peer, last string) {
	client.Send(last)
	if client.EndsSoon() {
		return
	}
	client.SendToOneLeaving("\n")
}

func quitJoined(t *check.Try) {
	client, answer := answered(t)
	client.Send(answer + "QUIT\n")
	client.ExpectEnd()
}

func quitCut(t *check.Try) {
	client, answer := answered(t)
	client.Send(answer[:3])
	client.ExpectNothing()
	client.Send(answer[3:] + "QU")
	client.ExpectNothing()
	sayQuit(client, "IT")
}

func quitLate(t *check.Try) {
	client, answer := answered(t)
	client.ExpectNothing()
	client.Send(answer)
	for range 5 {
		client.ExpectNothing()
	}
	sayQuit(client, "QUIT")
}

func quitInside(t *check.Try) {
	client, answer := answered(t)
	client.Send(answer + "MOSQUITO\nI QUIT\nquit\n")
	client.ExpectNothing()
	client.Send("QUIT\n")
	client.ExpectEnd()
}

func serverCloses(t *check.Try) {
	client := t.Accept("the checker")
	client.Send("! server full, try again later\n")
	client.CloseWrite()
	client.SkipToEnd()
}
