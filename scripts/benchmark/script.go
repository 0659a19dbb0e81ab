package main

import "math/rand/v2"

// A script is what client number who of an exchange says: next returns one turn
// after the other, without end.
type script func(l exchange, p protocol, who int) (next func() turn)

// repeating says the same messages again and again.
func repeating(messages func(size int) [][]byte) script {
	return func(l exchange, p protocol, _ int) func() turn {
		return cycle(p.turns(client{}, messages(l.size)))
	}
}

// creating makes a record each time that nobody has made before, and that is in
// no stock.
func creating(_ exchange, p protocol, who int) func() turn {
	n := uint64(1+who) << 32
	return func() turn {
		n++
		return p.create(recordOf(n * perPrefix)) // each with a prefix of its own
	}
}

// known is how many records of a stock all readers together know, to be read
// again and again. What the generator does is the same for each larger stock.
const known = 100_000

// reading reads those of a stock of so many records, in no order: each client a
// part, all of them the whole, or known of it, evenly spread.
func reading(records int) script {
	return func(l exchange, p protocol, who int) func() turn {
		var turns []turn
		step := (records + known - 1) / known
		for n := who * step; n < records; n += l.conns * step {
			turns = append(turns, p.read(recordOf(uint64(n))))
		}
		rand.Shuffle(len(turns), func(i, j int) { turns[i], turns[j] = turns[j], turns[i] })
		return cycle(turns)
	}
}

// prefixes is how many prefixes a client lists at most, again and again.
const prefixes = 1000

// listing lists the records of one prefix, of a stock of so many.
func listing(records int) script {
	return func(_ exchange, p protocol, _ int) func() turn {
		var turns []turn
		all := rand.Perm(records / perPrefix)
		for _, prefix := range all[:min(len(all), prefixes)] {
			turns = append(turns, listOne(p, uint64(prefix)))
		}
		return cycle(turns)
	}
}

func listOne(p protocol, prefix uint64) turn {
	var those []record
	for place := range uint64(perPrefix) {
		those = append(those, recordOf(prefix*perPrefix+place))
	}
	return p.list(prefixOf(prefix), those)
}

// cycle returns the turns in order, and then from the first again.
func cycle(turns []turn) (next func() turn) {
	i := -1
	return func() turn {
		i = (i + 1) % len(turns)
		return turns[i]
	}
}
