package main

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// stream shows several terminals in one place, line by line, each line with the name of its terminal.
type stream struct {
	mu  sync.Mutex // guards out: lines are written whole
	out io.Writer
}

// of returns the writer for one terminal. It is for one goroutine. The rest of a last line without an end is not
// shown.
func (s *stream) of(terminal string) io.Writer { return &streamLines{stream: s, name: terminal} }

type streamLines struct {
	stream *stream
	name   string
	rest   []byte // a line without its end, at most screenLimit
}

func (l *streamLines) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		at := bytes.IndexByte(l.rest, '\n')
		if at < 0 && len(l.rest) < screenLimit {
			return len(p), nil
		}
		if at < 0 {
			at = len(l.rest) - 1
		}
		l.stream.line(l.name, l.rest[:at])
		l.rest = l.rest[at+1:]
	}
}

func (s *stream) line(name string, line []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := bytes.ToValidUTF8(bytes.TrimSuffix(line, []byte("\r")), []byte("\uFFFD"))
	fmt.Fprintf(s.out, "%s| %s\n", name, visible(string(text)))
}
