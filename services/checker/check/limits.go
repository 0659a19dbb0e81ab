package check

import "time"

// Limits are how long the checker waits. All follow from one value, so that
// who has a slow server needs one flag.
type Limits struct {
	// Answer is how long the other side may be silent where it owes
	// something. Each byte that comes gives it as long again.
	Answer time.Duration
}

// whole is how long a check may take in all: a server that sends a byte now and
// then must not keep the checker for ever. It is long, because a thousand clients
// of a slow server need two minutes.
func (l Limits) whole() time.Duration { return 48 * l.Answer }

// quiet is how long nothing may come where nothing is due. Nobody can wait for
// ever to be sure, so this finds only what comes soon.
func (l Limits) quiet() time.Duration { return l.Answer / 10 }

// flood is how long a peer that takes nothing more is believed to be full.
func (l Limits) flood() time.Duration { return l.Answer / 10 }
