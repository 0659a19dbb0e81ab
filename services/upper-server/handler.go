package main

import (
	"context"
	"errors"
	"fmt"
	"io"
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
		return upperRaw
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

// upperRaw answers chunk by chunk, as the original guide's server does, with
// what that brings: a chunk is what one read happened to find, be it half of
// what the client wrote or three of its messages; and QUIT, without an end of
// its own, sticks to what stands before or behind it.
func upperRaw(_ context.Context, client *netserver.Conn) error {
	if _, err := io.WriteString(client, greeting); err != nil {
		return err
	}
	// letters holds back the beginning of a character that a read has cut,
	// three bytes at most. Node's data.toString() spoils such a character.
	var letters textline.Decoder
	var caser transform.Transformer = cases.Upper(language.Und)
	var text, answer []byte
	lastWord := []byte(quit)
	for {
		chunk, err := client.ReadChunk()
		if err == io.EOF {
			// A character that has never been finished.
			if _, err := client.Write(letters.Flush(nil)); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		client.LogData("Received", chunk)
		text = letters.Append(text[:0], chunk)
		if answer, err = appendUpper(answer[:0], text, caser); err != nil {
			return err
		}
		if _, err := client.Write(answer); err != nil {
			return err
		}
		if _, err := client.Write(lastWord); err != nil {
			return err
		}
		if cap(text) > keptAnswer || cap(answer) > keptAnswer {
			text, answer = nil, nil
		}
	}
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
