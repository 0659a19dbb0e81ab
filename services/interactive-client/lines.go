package main

import (
	"bytes"

	"socketlab/kit/textline"
)

// maxUnfinished is how many bytes of a line are kept while it has no end. A
// longer one is passed on in pieces.
const maxUnfinished = 4096

// lines cuts the server's chunks into lines. A textline.Reader does that for
// programs: it waits for the end of a line. A person must see the beginning
// too, as `Name: ` may be all that comes until something is typed. So this one
// never waits, and always knows what it has of a line so far.
//
// It belongs to one goroutine.
type lines struct {
	decoder    textline.Decoder
	unfinished []byte
	inPieces   bool // the beginning of the unfinished line was passed on
}

// line is one line without its end, LF or CR LF, or the last piece of one.
type line struct {
	text  string
	whole bool
}

// add takes the next chunk and returns the lines that end in it. What it
// returns and keeps is valid UTF-8; a letter that the network has cut in two
// is put together.
func (l *lines) add(chunk []byte) []line {
	var ended []line
	text := l.decoder.Append(l.unfinished, chunk)
	for {
		first, rest, found := bytes.Cut(text, []byte("\n"))
		if !found {
			break
		}
		ended = append(ended, line{string(withoutCR(first)), !l.inPieces})
		l.inPieces = false
		text = rest
	}
	l.unfinished = bytes.Clone(text) // and not the whole chunk it is the end of
	return ended
}

// soFar returns the unfinished line.
func (l *lines) soFar() line {
	return line{string(withoutCR(l.unfinished)), !l.inPieces}
}

// takeLong returns the unfinished line when it is too long to be kept. What
// follows of it is no whole line.
func (l *lines) takeLong() (piece string, tooLong bool) {
	if len(l.unfinished) <= maxUnfinished {
		return "", false
	}
	piece = string(l.unfinished)
	l.unfinished, l.inPieces = nil, true
	return piece, true
}

// end returns the last line, which the stream has left without an end.
func (l *lines) end() line {
	l.unfinished = l.decoder.Flush(l.unfinished)
	return l.soFar()
}

func withoutCR(text []byte) []byte { return bytes.TrimSuffix(text, []byte("\r")) }
