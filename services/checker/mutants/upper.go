package mutants

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"io"
	"net"
	"strings"

	"socketlab/kit/textline"
)

const greeting = "Hello from the server!\n"

// Upper lists the faults of an upper server that answers lines.
func Upper() []Fault {
	right := upper{}.talk
	return append([]Fault{
		{Name: "greets-late", Trips: "the server greets, and does not wait for the client", Handle: greetsLate(upper{greeted: true}.talk)},
		{Name: "no-QUIT", Trips: "a line is answered with its capitals and QUIT, a line each", Handle: plain(upper{answer: func(line string) string {
			return capitals(line) + "\n"
		}}.talk)},
		{Name: "closes-behind-QUIT", Trips: "who stays after QUIT is answered again", Handle: plain(upper{once: true}.talk)},
		{Name: "one-read-is-one-message", Trips: "each of two lines in one write is answered, and a line in two writes once",
			Handle: plain(upper{lines: func(conn io.ReadWriter) lineReader { return chunks{conn} }}.talk)},
		{Name: "keeps-CR", Trips: "a line may end in CR LF, and may be empty", Handle: plain(upper{lines: func(conn io.ReadWriter) lineReader {
			return &simple{in: bufio.NewReader(conn), keepCR: true}
		}}.talk)},
		{Name: "skips-empty-lines", Trips: "a line may end in CR LF, and may be empty", Handle: plain(upper{answer: func(line string) string {
			if line == "" {
				return ""
			}
			return answer(line)
		}}.talk)},
		{Name: "english-only", Trips: "capitals are those of Unicode, not of English alone", Handle: plain(upper{answer: func(line string) string {
			return strings.Map(func(c rune) rune {
				if 'a' <= c && c <= 'z' {
					return c - 'a' + 'A'
				}
				return c
			}, line) + "\nQUIT\n"
		}}.talk)},
		{Name: "letter-by-letter", Trips: "capitals are those of Unicode, not of English alone", Handle: plain(upper{answer: func(line string) string {
			return strings.ToUpper(line) + "\nQUIT\n"
		}}.talk)},
		{Name: "ends-at-bytes-that-are-not-utf8", Trips: "bytes that are not UTF-8 become U+FFFD, and do no harm", Handle: plain(strict(right))},
		{Name: "half-close-ignored", Trips: "what was said before a half-close is answered, then the server closes", Handle: neverCloses(right)},
		{Name: "forgets-the-last-line", Trips: "what stands before the client's FIN is a line, too", Handle: plain(upper{lines: func(conn io.ReadWriter) lineReader {
			return &simple{in: bufio.NewReader(conn), forgetLast: true}
		}}.talk)},
		{Name: "no-limit", Trips: "a line that is too long is refused, and the next one is answered", Handle: plain(upper{lines: func(conn io.ReadWriter) lineReader {
			return textline.NewReader(conn, conn, 1<<30)
		}}.talk)},
		{Name: "knows-no-telnet", Trips: "telnet's commands and NUL are no part of a line, and options are refused", Handle: plain(upper{lines: func(conn io.ReadWriter) lineReader {
			return &simple{in: bufio.NewReader(conn)}
		}}.talk)},
		{Name: "nobody-may-leave", Trips: "Ctrl-D and telnet's Ctrl-C are answered with a goodbye and a FIN", Handle: plain(upper{stays: true}.talk)},
	}, manyFaults(func() handler { return right })...)
}

// UpperRaw lists the faults of an upper server that answers chunks.
func UpperRaw() []Fault {
	right := rawTalk(func(text string) string { return capitals(text) + "QUIT" })
	return append([]Fault{
		{Name: "greets-late", Trips: "the server greets, and does not wait for the client", Handle: greetsLate(right)},
		{Name: "QUIT-is-a-line", Trips: "a chunk is answered with its capitals and QUIT, without a line end", Handle: greets(rawTalk(func(text string) string {
			return capitals(text) + "QUIT\n"
		}))},
		{Name: "closes-behind-QUIT", Trips: "who stays after QUIT is answered again", Handle: greets(func(s *Server, conn io.ReadWriter) error {
			return right(s, &shortConn{conn, 1})
		})},
		{Name: "waits-for-a-line-end", Trips: "a chunk is answered at once, whether a line has ended or not", Handle: plain(upper{answer: func(line string) string {
			return capitals(line) + "\nQUIT"
		}}.talk)},
		{Name: "trims", Trips: "control characters are text like any other", Handle: greets(rawTalk(func(text string) string {
			return capitals(strings.Trim(text, " \r\x00")) + "QUIT"
		}))},
		{Name: "letter-by-letter", Trips: "capitals are those of Unicode, not of English alone", Handle: greets(rawTalk(func(text string) string {
			return strings.ToUpper(text) + "QUIT"
		}))},
		{Name: "ends-at-bytes-that-are-not-utf8", Trips: "bytes that are not UTF-8 become U+FFFD, and do no harm", Handle: greets(func(s *Server, conn io.ReadWriter) error {
			return strict(right)(s, conn)
		})},
		{Name: "half-close-ignored", Trips: "what was said before a half-close is answered, then the server closes", Handle: neverCloses(greeted(right))},
	}, manyFaults(func() handler { return greeted(right) })...)
}

// upper is an upper server of lines; what is set differs from the right one.
type upper struct {
	greeted bool // somebody else does it
	lines   func(conn io.ReadWriter) lineReader
	answer  func(line string) string
	once    bool // it closes behind the first answer
	stays   bool // it does not let go who wants to leave
}

type lineReader interface{ ReadLine() ([]byte, error) }

const (
	maxLine = 64 << 10
	tooLong = "! line too long, at most 65536 bytes\n"
)

func (u upper) talk(_ *Server, conn io.ReadWriter) error {
	if !u.greeted {
		io.WriteString(conn, greeting)
	}
	var in lineReader = textline.NewReader(conn, conn, maxLine)
	if u.lines != nil {
		in = u.lines(conn)
	}
	reply := answer
	if u.answer != nil {
		reply = u.answer
	}
	for {
		line, err := in.ReadLine()
		said := ""
		switch {
		case errors.Is(err, textline.ErrTooLong):
			said = tooLong
		case errors.Is(err, textline.ErrLeave) && u.stays:
		case errors.Is(err, textline.ErrLeave):
			io.WriteString(conn, "* goodbye\n")
			return nil
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		default:
			said = reply(string(line))
		}
		if _, err := io.WriteString(conn, said); err != nil || u.once {
			return err
		}
	}
}

// capitals maps as the right servers do, as far as the checks ask for it.
func capitals(text string) string {
	text = string(textline.ValidUTF8([]byte(text)))
	return strings.ToUpper(strings.ReplaceAll(strings.ReplaceAll(text, "ß", "SS"), "ﬃ", "FFI"))
}

func answer(line string) string { return capitals(line) + "\nQUIT\n" }

// chunks takes each read for a line.
type chunks struct{ in io.Reader }

func (c chunks) ReadLine() ([]byte, error) {
	buf := make([]byte, 4096)
	n, err := c.in.Read(buf)
	if n > 0 {
		return bytes.TrimSuffix(buf[:n], []byte("\n")), nil
	}
	return nil, err
}

// simple reads lines and knows nothing of telnet.
type simple struct {
	in                 *bufio.Reader
	limit              int // 0: maxLine
	keepCR, forgetLast bool
	skipping           bool // the rest of a line that was too long
}

func (r *simple) ReadLine() ([]byte, error) {
	var line []byte
	for {
		b, err := r.in.ReadByte()
		switch {
		case err != nil && (len(line) == 0 || r.forgetLast):
			return nil, err
		case err != nil:
			return line, nil
		case b == '\n' && r.skipping:
			r.skipping = false
		case b == '\n' && r.keepCR:
			return line, nil
		case b == '\n':
			return bytes.TrimSuffix(line, []byte("\r")), nil
		case r.skipping:
		case len(line) == cmp.Or(r.limit, maxLine):
			r.skipping = true
			return nil, textline.ErrTooLong
		default:
			line = append(line, b)
		}
	}
}

// greetsLate greets when the client has said something.
func greetsLate(talk handler) func(*Server, *net.TCPConn) {
	return func(s *Server, conn *net.TCPConn) {
		in := bufio.NewReader(conn)
		in.Peek(1)
		io.WriteString(conn, greeting)
		talk(s, struct {
			io.Reader
			io.Writer
		}{in, conn})
	}
}

func greeted(talk handler) handler {
	return func(s *Server, conn io.ReadWriter) error {
		io.WriteString(conn, greeting)
		return talk(s, conn)
	}
}

func greets(talk handler) func(*Server, *net.TCPConn) { return plain(greeted(talk)) }

// rawTalk answers each chunk.
func rawTalk(answer func(text string) string) handler {
	return func(_ *Server, conn io.ReadWriter) error {
		buf := make([]byte, 64<<10)
		for {
			n, err := conn.Read(buf)
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			if _, err := io.WriteString(conn, answer(string(buf[:n]))); err != nil {
				return err
			}
		}
	}
}

// neverCloses does not look for the end of the stream.
func neverCloses(talk handler) func(*Server, *net.TCPConn) {
	return func(s *Server, conn *net.TCPConn) {
		talk(s, conn)
		select {}
	}
}

// strict ends a talk at a byte that no UTF-8 has, as a decoder does whose error
// nobody catches.
func strict(talk handler) handler {
	return func(s *Server, conn io.ReadWriter) error { return talk(s, strictConn{conn}) }
}

type strictConn struct{ io.ReadWriter }

func (c strictConn) Read(p []byte) (int, error) {
	n, err := c.ReadWriter.Read(p)
	if bytes.IndexByte(p[:n], 0xff) >= 0 {
		return 0, errors.New("not UTF-8")
	}
	return n, err
}

// shortConn ends after so many reads.
type shortConn struct {
	io.ReadWriter
	reads int
}

func (c *shortConn) Read(p []byte) (int, error) {
	if c.reads == 0 {
		return 0, io.EOF
	}
	c.reads--
	return c.ReadWriter.Read(p)
}
