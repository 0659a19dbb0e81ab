package main

import "time"

// quietAfterWord is how long an unfinished line must stay as it is to be taken
// for the word. Bytes of one write that the network has cut come closer
// together than that, on any network one would teach on.
const quietAfterWord = 300 * time.Millisecond

// quitWatch looks for the line on which we leave: `QUIT`, whatever it is glued
// to or cut into.
//
// With an end, LF or CR LF, a line is certain. Some servers send the word
// without one, such as the lab's upper-server with UPPER_WIRE=raw, and then
// wait for us. Nobody can know whether `QUIT` is all, or `QUITE` is on its way:
// the server has sent no sign for it. So we guess: an unfinished line that is
// the word, and to which nothing is added for a moment, is the line.
//
// It belongs to one goroutine; only said is for others.
type quitWatch struct {
	word  string
	lines lines
	guess *time.Timer
	said  chan struct{} // has a token when the word was heard
}

// newQuitWatch watches for word; an empty one never comes.
func newQuitWatch(word string) *quitWatch {
	q := &quitWatch{word: word, said: make(chan struct{}, 1)}
	q.guess = time.AfterFunc(time.Hour, q.say)
	q.guess.Stop()
	return q
}

// hear takes the next chunk of the server.
func (q *quitWatch) hear(chunk []byte) {
	if q.word == "" {
		return
	}
	q.guess.Stop()
	for _, line := range q.lines.add(chunk) {
		if line.whole && line.text == q.word {
			q.say()
		}
	}
	q.lines.takeLong() // the word is shorter
	if rest := q.lines.soFar(); rest.whole && rest.text == q.word {
		q.guess.Reset(quietAfterWord)
	}
}

func (q *quitWatch) say() {
	select {
	case q.said <- struct{}{}:
	default: // it has been said already
	}
}
