package main

import "sync"

// How much may wait for a client, in bytes.
const (
	// A client for which more than this would wait is too slow.
	maxWaiting = 512 << 10
	// While more than this waits for a client, nothing that it says is
	// taken. So the answers to its own commands, the longest of which is
	// 100 lines of history, can never make it too slow.
	roomToSpeak = 64 << 10
	// What a line costs besides its bytes: its place in the queue.
	placeCost = 24
)

// keptPlaces is how many places a queue keeps while nothing waits.
const keptPlaces = 16

// A queue is what a client is going to hear. Whoever says something puts it
// here and goes on; the client's own writer takes it out, in the same order.
// So nobody ever waits for a slow reader.
type queue struct {
	// mu guards all below.
	mu    sync.Mutex
	lines [][]byte
	spare [][]byte // an empty slice for the next lines
	bytes int      // what is not written yet, with placeCost for each line
	ended bool
	// filled wakes the writer, emptied the client's reader.
	filled, emptied sync.Cond
}

func newQueue() *queue {
	q := &queue{}
	q.filled.L, q.emptied.L = &q.mu, &q.mu
	return q
}

// offer puts in a line that somebody else has said. It reports false when the
// client is too slow for it.
func (q *queue) offer(line []byte) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.bytes+len(line)+placeCost > maxWaiting {
		return q.ended
	}
	q.add(line)
	return true
}

// answer puts in lines that the client has asked for.
func (q *queue) answer(lines ...[]byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, line := range lines {
		q.add(line)
	}
}

// Write is for the telnet replies of a textline.Reader: they too must wait
// their turn, behind the line that is being written.
func (q *queue) Write(p []byte) (int, error) {
	q.answer(append([]byte(nil), p...))
	return len(p), nil
}

// add is called with mu held.
func (q *queue) add(line []byte) {
	if q.ended {
		return
	}
	q.lines = append(q.lines, line)
	q.bytes += len(line) + placeCost
	if len(q.lines) == 1 {
		q.filled.Signal()
	}
}

// take waits until there are lines, and takes all of them. It returns none when
// the queue has ended and is empty. They are the caller's until giveBack.
func (q *queue) take() [][]byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.lines) == 0 && !q.ended {
		q.filled.Wait()
	}
	taken := q.lines
	q.lines, q.spare = q.spare, nil
	return taken
}

// giveBack says that what take has returned is written, and returns the slice,
// to be used again.
func (q *queue) giveBack(taken [][]byte) {
	written := 0
	for _, line := range taken {
		written += len(line) + placeCost
	}
	clear(taken) // a line is garbage when the last writer is done with it
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bytes -= written
	q.emptied.Signal()
	if cap(taken) <= keptPlaces { // who was slow once need not keep the room for it
		q.spare = taken[:0]
	}
}

// awaitRoom waits while so much is going to be heard that the client should
// listen before it says more.
func (q *queue) awaitRoom() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.bytes > roomToSpeak && !q.ended {
		q.emptied.Wait()
	}
}

// end lets take return what is left, and then nothing. What is put in later is
// thrown away.
func (q *queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended = true
	q.filled.Signal()
	q.emptied.Signal()
}
