package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/transform"

	"socketlab/kit/netserver"
	"socketlab/kit/textline"
)

// The two ways to answer, UPPER_WIRE.
const (
	lines = "lines" // a line in, its capitals and QUIT out, a line each
	raw   = "raw"   // client.on('data', data => { client.write(data.toString().toUpperCase()); client.write('QUIT') })
)

// What the server says of its own accord.
const (
	greeting = "Hello from the server!\n"
	quit     = "QUIT" // "I have answered, you may leave"; it is the client that closes
	goodbye  = "* goodbye\n"
)

func handlerFor(wire string) netserver.Handler {
	switch wire {
	case raw:
		return upperRaw()
	default:
		return upperLines
	}
}

// maxLine is how long a line may be, in bytes: nobody types that, and a client
// that never ends its line must not fill the memory.
const maxLine = 64 << 10

// keptAnswer is the largest buffer, in bytes, that a connection keeps for its
// next answer. Ten thousand clients that said one long line each would hold
// 640 MB otherwise.
const keptAnswer = 1 << 10

// upperLines answers line by line. However the network cuts the bytes, each
// line is whole when it is answered, and the client can tell where the capitals
// end and QUIT begins.
func upperLines(_ context.Context, client *netserver.Conn) error {
	if _, err := io.WriteString(client, greeting); err != nil {
		return err
	}
	in := textline.NewReader(client, client, maxLine)
	var caser transform.Transformer = cases.Upper(language.Und)
	var answer []byte
	for {
		line, err := in.ReadLine()
		switch {
		case errors.Is(err, textline.ErrTooLong):
			answer = fmt.Appendf(answer[:0], "! line too long, at most %d bytes\n", maxLine)
		case errors.Is(err, textline.ErrLeave):
			_, err = io.WriteString(client, goodbye)
			return err
		case err != nil:
			return err
		default:
			client.LogData("Received", line)
			if answer, err = appendUpper(answer[:0], line, caser); err != nil {
				return err
			}
			answer = append(answer, "\n"+quit+"\n"...)
		}
		if _, err := client.Write(answer); err != nil {
			return err
		}
		if cap(answer) > keptAnswer {
			answer = nil
		}
	}
}

// chunkSize is the most that one read takes, in Node too.
const chunkSize = 64 << 10

// upperRaw answers chunk by chunk, as the original guide's server does, with
// what that brings: a chunk is what one read happened to find, be it half of
// what the client wrote or three of its messages; and QUIT, without an end of
// its own, sticks to what stands before or behind it.
//
// The buffers are borrowed only when there is something to read. Ten thousand
// silent clients with a chunk each would cost 640 MB.
func upperRaw() netserver.Handler {
	buffers := sync.Pool{New: func() any { return new(buffer) }}
	return func(_ context.Context, client *netserver.Conn) error {
		if _, err := io.WriteString(client, greeting); err != nil {
			return err
		}
		chunks := chunkReader{client: client, caser: cases.Upper(language.Und)}
		for {
			if err := client.WaitReadable(); err != nil {
				return err
			}
			buf := buffers.Get().(*buffer)
			err := chunks.answer(buf)
			buffers.Put(buf)
			if err != nil {
				return err
			}
		}
	}
}

// buffer is what answering one chunk needs.
type buffer struct {
	chunk [chunkSize]byte // as it was read, and then its capitals
	text  []byte          // the chunk as valid UTF-8
}

// chunkReader is one client's side of upperRaw.
type chunkReader struct {
	client *netserver.Conn
	caser  transform.Transformer
	// letters holds back the beginning of a character that a read has cut,
	// three bytes at most. Node's data.toString() spoils such a character.
	letters textline.Decoder
}

// answer reads once and writes the capitals of it, then QUIT. Its error is
// io.EOF when the client has sent its FIN; a character that has never been
// finished is then answered with one U+FFFD.
func (c *chunkReader) answer(buf *buffer) error {
	n, err := c.client.Read(buf.chunk[:])
	if err == io.EOF {
		if _, err := c.client.Write(c.letters.Flush(buf.text[:0])); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	c.client.LogData("Received", buf.chunk[:n])
	buf.text = c.letters.Append(buf.text[:0], buf.chunk[:n])
	// The capitals may be longer than the chunk, then they get a place of their own.
	capitals, err := appendUpper(buf.chunk[:0], buf.text, c.caser)
	if err != nil {
		return err
	}
	if _, err := c.client.Write(capitals); err != nil {
		return err
	}
	_, err = c.client.Write(append(buf.chunk[:0], quit...))
	return err
}

// appendUpper appends the upper case of text, which is valid UTF-8, to dst.
//
// It is the full mapping of the Unicode Standard (chapter 3.13, rule R1), as in
// JavaScript: ß becomes SS, while strings.ToUpper maps letter by letter and
// leaves it. Each character is mapped by itself: the only rule of
// SpecialCasing.txt that looks at its neighbours and belongs to no language,
// Final_Sigma, is for lower case. So it does not matter where a text is cut,
// as long as no character is.
func appendUpper(dst, text []byte, caser transform.Transformer) ([]byte, error) {
	for i, b := range text {
		if b >= utf8.RuneSelf {
			dst, _, err := transform.Append(caser, dst, text[i:])
			return dst, err
		}
		if 'a' <= b && b <= 'z' {
			b -= 'a' - 'A'
		}
		dst = append(dst, b)
	}
	return dst, nil
}
