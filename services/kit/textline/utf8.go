package textline

import "unicode/utf8"

const replacement = "\uFFFD"

// ValidUTF8 returns p with everything in it that is not UTF-8 replaced by
// U+FFFD. If there is nothing to replace it returns p itself; otherwise a new
// slice, up to three times as long. It does not change p.
//
// A broken sequence gives one U+FFFD as far as it could have become a
// character, and what follows is looked at afresh: "Substitution of Maximal
// Subparts", Unicode chapter 3.9. Web browsers and Node.js do the same.
// [bytes.ToValidUTF8] does not: it gives one for a whole run of such bytes.
func ValidUTF8(p []byte) []byte {
	if utf8.Valid(p) {
		return p
	}
	var d Decoder
	return d.Flush(d.Append(make([]byte, 0, len(p)+len(replacement)), p))
}

// A Decoder does what [ValidUTF8] does for text that comes in pieces, where a
// cut may go through the middle of a character. The zero value is ready to use.
type Decoder struct {
	// The beginning of a character whose rest has not come: at most three
	// bytes, and room for the one that completes it.
	tail [utf8.UTFMax]byte
	n    int
}

// Append appends the text of the next piece to dst and returns the result, as
// the built-in append does. An unfinished character at the end of the piece is
// kept for the next call. Nothing else is held back.
func (d *Decoder) Append(dst, piece []byte) []byte {
	dst, piece = d.completeTail(dst, piece)
	if utf8.Valid(piece) {
		return append(dst, piece...)
	}
	for len(piece) > 0 {
		c, size := utf8.DecodeRune(piece)
		if c != utf8.RuneError || size > 1 {
			dst = append(dst, piece[:size]...)
		} else if utf8.FullRune(piece) {
			size = maximalSubpart(piece)
			dst = append(dst, replacement...)
		} else {
			d.n = copy(d.tail[:], piece)
			return dst
		}
		piece = piece[size:]
	}
	return dst
}

// Flush ends the stream: it appends one U+FFFD to dst if the last character
// was never finished. The Decoder can then be used for another stream.
func (d *Decoder) Flush(dst []byte) []byte {
	if d.n > 0 {
		dst = append(dst, replacement...)
	}
	d.n = 0
	return dst
}

// completeTail puts bytes of the piece behind the tail, one by one, until they
// are a character or cannot become one. It returns what is left of the piece.
func (d *Decoder) completeTail(dst, piece []byte) (text, rest []byte) {
	for d.n > 0 && len(piece) > 0 {
		d.tail[d.n] = piece[0]
		candidate := d.tail[:d.n+1]
		switch {
		case !utf8.FullRune(candidate):
			d.n++
		case utf8.Valid(candidate):
			dst = append(dst, candidate...)
			d.n = 0
		default:
			dst = append(dst, replacement...)
			d.n = 0
			continue // without that byte: it may begin a character
		}
		piece = piece[1:]
	}
	return dst, piece
}

// maximalSubpart returns how many bytes of p, which starts with a broken
// sequence, could have been the beginning of a character: FullRune says false
// exactly as long as more bytes could complete one.
func maximalSubpart(p []byte) int {
	n := 1
	for n < len(p) && !utf8.FullRune(p[:n+1]) {
		n++
	}
	return n
}
