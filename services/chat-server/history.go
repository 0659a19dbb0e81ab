package main

// keptLines is how many lines a channel remembers.
const keptLines = 100

// history is the last lines of a channel: a ring, in which a new line takes
// the place of the oldest. The zero value is ready to use. Whoever guards the
// channel guards its history.
type history struct {
	ring [][]byte
	next int // where the next line goes, once the ring is full
}

// add remembers line.
func (h *history) add(line []byte) {
	if len(h.ring) < keptLines {
		h.ring = append(h.ring, line)
		return
	}
	h.ring[h.next] = line
	h.next = (h.next + 1) % keptLines
}

// last returns the last n lines, or all if there are fewer, the oldest first.
func (h *history) last(n int) [][]byte {
	n = min(n, len(h.ring))
	lines := make([][]byte, 0, n)
	for i := len(h.ring) - n; i < len(h.ring); i++ {
		lines = append(lines, h.ring[(h.next+i)%len(h.ring)])
	}
	return lines
}
