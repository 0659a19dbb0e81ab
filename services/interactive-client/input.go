package main

import "io"

// An input is where the bytes to be sent come from. next returns some, valid
// until the next call, or io.EOF.
type input interface {
	next() ([]byte, error)
}

// stream is an input that nobody edits here: a pipe, a file, or a terminal
// whose output goes elsewhere. It is sent as it is, chunk by chunk.
type stream struct {
	in   io.Reader
	crlf bool // LF becomes CR LF
	buf  []byte
	last byte // that was read
}

func newStream(in io.Reader, crlf bool) *stream {
	return &stream{in: in, crlf: crlf, buf: make([]byte, chunkSize)}
}

func (s *stream) next() ([]byte, error) {
	n, err := s.in.Read(s.buf)
	if n == 0 || !s.crlf {
		return s.buf[:n], err
	}
	return s.withCRLF(s.buf[:n]), err
}

// withCRLF puts a CR in front of each LF that has none.
func (s *stream) withCRLF(text []byte) []byte {
	var out []byte
	for _, b := range text {
		if b == '\n' && s.last != '\r' {
			out = append(out, '\r')
		}
		out = append(out, b)
		s.last = b
	}
	return out
}
