package check

// ExpectAmong reads text in which word may stand anywhere, in any number, and
// at whose end it does stand: what a server says that ends each piece of its
// answer with word, when nobody knows how it was cut into pieces.
func (p *Peer) ExpectAmong(text, word string) {
	p.t.setWaiting("waiting for what " + p.Name + " is to hear")
	for {
		same, complete := among(string(p.in), text, word)
		switch {
		case complete:
			p.take(same)
			return
		case same < len(p.in):
			p.hearMore(len(text) + 200)
			p.failAt(p.Name+" heard something else than it should", text+word, same)
		}
		if err := p.read(p.t.limits.Answer); err != nil {
			p.failAt(p.insteadOf("saying what it should", err, same > 0), text+word, same)
		}
	}
}

// A place is how far a stream has come: so much of text, so much of a word that
// has begun, and whether a word has just ended.
type place struct {
	text, word int
	ended      bool
}

// among returns how many bytes of heard can be a part of text with words in it,
// and whether that is all. A letter of text may also be the beginning of a word,
// so it keeps every place where the stream may be.
func among(heard, text, word string) (same int, complete bool) {
	places := map[place]bool{{}: true}
	for i := range len(heard) {
		next := map[place]bool{}
		for at := range places {
			if at.word == 0 && at.text < len(text) && heard[i] == text[at.text] {
				next[place{text: at.text + 1}] = true
			}
			if heard[i] == word[at.word] {
				begun := (at.word + 1) % len(word)
				next[place{at.text, begun, begun == 0}] = true
			}
		}
		if len(next) == 0 {
			return i, false
		}
		places = next
	}
	return len(heard), places[place{len(text), 0, true}]
}
