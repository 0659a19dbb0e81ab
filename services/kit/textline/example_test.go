package textline_test

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"socketlab/kit/textline"
)

// A server's loop: in place of the string there would be a connection.
func ExampleReader() {
	conn := struct {
		io.Reader
		io.Writer
	}{strings.NewReader("hello\r\nthis is far too long\ngo\xF6d\n\x04"), io.Discard}

	lines := textline.NewReader(conn, conn, 10)
	for {
		line, err := lines.ReadLine()
		switch {
		case errors.Is(err, textline.ErrTooLong):
			fmt.Println("! a line has at most 10 bytes")
			continue
		case errors.Is(err, textline.ErrLeave):
			fmt.Println("* goodbye")
			return
		case err != nil:
			return
		}
		fmt.Printf("%s\n", line)
	}
	// Output:
	// hello
	// ! a line has at most 10 bytes
	// go�d
	// * goodbye
}

// A server that takes chunks as they come must not cut characters in two.
func ExampleDecoder() {
	var decoder textline.Decoder
	for _, chunk := range []string{"caf\xC3", "\xA9 €\xE2\x82"} {
		fmt.Printf("%q\n", decoder.Append(nil, []byte(chunk)))
	}
	fmt.Printf("%q\n", decoder.Flush(nil))
	// Output:
	// "caf"
	// "é €"
	// "�"
}

func ExamplePrintable() {
	fmt.Println(textline.Printable("\x1b[2J\x1b[31mno\ttricks\a"))
	// Output: no tricks
}
