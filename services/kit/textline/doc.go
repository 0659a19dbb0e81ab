// Package textline reads lines of text from a stream of bytes.
//
// TCP carries bytes, not messages. Two writes of a client may arrive as one
// read, and one write as several: the network cuts where it likes, even in the
// middle of a letter. Finding out where a message ends is called framing, and
// it is the receiver's work. This package frames with a delimiter, the end of
// the line, as most protocols that people can type do. Whoever does so has to
// answer three questions. Where does a line end? At LF, CR LF or CR NUL. How
// long may it get? As long as the caller says, or one client could fill the
// memory. What if the stream ends first? What has arrived is the last line.
//
// The files, in reading order: reader.go (framing), buffer.go (memory),
// telnet.go (commands among the text), utf8.go (bytes that are no text),
// printable.go and escape.go (text that is safe to show to somebody else),
// excerpt.go (the part of it that matters).
package textline
