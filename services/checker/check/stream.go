package check

import (
	"fmt"
	"io"
	"time"

	"socketlab/kit/dial"
)

// Stream sends data and reads at the same time, as a client of much data must:
// the buffers of both kernels do not hold it. All of data must come back.
func (p *Peer) Stream(data string) {
	p.record("sent", []byte(data))
	p.sent = data
	sent := make(chan error, 1)
	go func() { sent <- p.sendAll(data) }() // ends with the connection, at the latest
	p.t.setWaiting(fmt.Sprintf("waiting for %d bytes to come back to %s", len(data), p.Name))
	for at := 0; at < len(data); {
		if len(p.in) == 0 {
			if err := p.read(p.t.limits.Answer); err != nil {
				what := p.insteadOf(fmt.Sprintf("sending byte %d of %d", at+1, len(data)), err, at > 0)
				p.failAt(what, data[at:], 0)
			}
		}
		same := samePrefix(string(p.in), data[at:])
		at += same
		p.take(same)
		if len(p.in) > 0 && at < len(data) {
			what := fmt.Sprintf("byte %d of %d is another one than was sent", at+1, len(data))
			before := data[max(0, at-shownBefore):at]
			p.hearMore(shownBehind)
			p.in = append(append([]byte(nil), before...), p.in...)
			p.failAt(what, data[at-len(before):], len(before))
		}
	}
	if err := <-sent; err != nil {
		p.lost("while "+p.Name+" was sending", err)
	}
}

// How much of a stream is shown around its first wrong byte.
const (
	shownBefore = 20
	shownBehind = 60
)

// sendAll sends data. Each piece that is taken gives the next as much time.
func (p *Peer) sendAll(data string) error {
	for len(data) > 0 {
		piece := data[:min(len(data), 16<<10)]
		p.conn.SetWriteDeadline(p.deadline(p.t.limits.Answer))
		n, err := io.WriteString(p.conn, piece)
		if err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// Flood is for a peer of DialNarrow: it sends text again and again, up
// to most bytes, until the other side takes nothing more. Whether it is stuck or
// only slow, because the machine has something else to do, nobody can see. So
// meanwhile is called, in which somebody else is to be served: and all begins
// again where more was taken after it.
func (p *Peer) Flood(text string, most int, meanwhile func()) {
	p.record(fmt.Sprintf("sends again and again, without reading: %s", show([]byte(text))), nil)
	told := p.t.told()
	end := time.Now().Add(p.t.limits.whole() / 8)
	pour := p.pourer(text, most)
	pour()
	for {
		p.t.forget(told)
		meanwhile()
		if !pour() || time.Now().After(end) {
			return
		}
	}
}

// pourer returns a function that sends until nothing more is taken for a moment,
// and reports whether anything was.
func (p *Peer) pourer(text string, most int) (pour func() bool) {
	rest, taken := text, 0
	return func() bool {
		before := taken
		p.t.setWaiting("sending as " + p.Name + ", who does not read")
		for taken < most {
			p.conn.SetWriteDeadline(p.deadline(p.t.limits.flood()))
			n, err := io.WriteString(p.conn, rest)
			taken += n
			if rest = rest[n:]; rest == "" {
				rest = text
			}
			if dial.IsTimeout(err) && n == 0 {
				break
			}
			if err != nil && !dial.IsTimeout(err) {
				p.lost("while "+p.Name+" was sending", err)
			}
		}
		return taken > before
	}
}

// Afford is how many bytes of a large message can be asked for within the time
// that one answer may take, where small of them have taken took: from least to
// most. So a slow server is asked for less, and not failed for being slow.
func (t *Try) Afford(small int, took time.Duration, least, most int) int {
	perByte := max(took/time.Duration(small), time.Nanosecond)
	return max(least, min(most, int(t.limits.Answer/perByte)))
}
