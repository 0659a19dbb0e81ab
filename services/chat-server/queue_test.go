package main

import (
	"fmt"
	"strings"
	"testing"
)

// takeAll takes what is there, and says that it is written.
func takeAll(q *queue) string {
	var text strings.Builder
	lines := q.take()
	for _, line := range lines {
		text.Write(line)
	}
	q.giveBack(lines)
	return text.String()
}

func TestAQueueKeepsTheOrder(t *testing.T) {
	q := newQueue()
	q.offer([]byte("one "))
	q.answer([]byte("two "), []byte("three "))
	fmt.Fprint(q, "four ")
	if got := takeAll(q); got != "one two three four " {
		t.Errorf("got %q", got)
	}
	q.offer([]byte("five"))
	q.end()
	q.answer([]byte("too late"))
	if got := takeAll(q); got != "five" {
		t.Errorf("got %q", got)
	}
	if lines := q.take(); len(lines) > 0 {
		t.Errorf("an ended queue still has %q", lines)
	}
}

// What is being written still counts: else a client could have twice as much.
func TestAQueueHoldsSoMuchAndNoMore(t *testing.T) {
	q := newQueue()
	line := make([]byte, 1000)
	const fits = maxWaiting / (1000 + placeCost)
	for range fits / 2 {
		q.offer(line)
	}
	underWay := q.take()
	for i := range fits - fits/2 {
		if !q.offer(line) {
			t.Fatalf("full after %d of %d lines", fits/2+i, fits)
		}
	}
	if q.offer(line) {
		t.Errorf("it takes more than %d bytes", maxWaiting)
	}
	q.giveBack(underWay)
	for range fits / 2 {
		if !q.offer(line) {
			t.Fatal("it is full although half of it has been written")
		}
	}
	if q.offer(line) {
		t.Error("what waited meanwhile does not count any more")
	}
	q.end()
	for range fits {
		if !q.offer(line) {
			t.Fatal("who has left is called too slow")
		}
	}
}

func TestOneHasToListenBeforeOneSaysMore(t *testing.T) {
	q := newQueue()
	q.answer(make([]byte, roomToSpeak)) // and its place: more than there is room for
	spoke := make(chan struct{})
	go func() {
		q.awaitRoom()
		close(spoke)
	}()
	lines := q.take()
	select {
	case <-spoke:
		t.Error("it did not wait")
	default:
	}
	q.giveBack(lines)
	<-spoke
}

func TestHistoryKeepsTheLastLines(t *testing.T) {
	var h history
	for n := range 250 {
		for _, ask := range []int{1, 7, keptLines} {
			got := h.last(ask)
			if want := min(ask, n, keptLines); len(got) != want {
				t.Fatalf("after %d lines the last %d are %d", n, ask, len(got))
			}
			for i, line := range got {
				if want := fmt.Sprint(n - len(got) + i); string(line) != want {
					t.Fatalf("after %d lines line %d of the last %d is %s, want %s", n, i, ask, line, want)
				}
			}
		}
		h.add([]byte(fmt.Sprint(n)))
	}
}
