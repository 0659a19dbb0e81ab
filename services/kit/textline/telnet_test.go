package textline

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

var telnetTests = []streamTest{
	{"DO TIMING-MARK gets WONT TIMING-MARK", "a\xFF\xFD\x06b\n", []string{"reply FF FC 06", `line "ab"`}},
	{"DO anything gets WONT", "\xFF\xFD\x01\xFF\xFD\xFF\n", []string{"reply FF FC 01", "reply FF FC FF", `line ""`}},
	{"WILL anything gets DONT", "\xFF\xFB\x1F\xFF\xFB\x06\n", []string{"reply FF FE 1F", "reply FF FE 06", `line ""`}},
	{"WONT and DONT get nothing", "\xFF\xFC\x01\xFF\xFE\x03\xFF\xFE\x06\n", []string{`line ""`}},
	{"options are not text, whatever their number", "\xFF\xFD\n\xFF\xFC\r\xFF\xFE\x04x\n", []string{"reply FF FC 0A", `line "x"`}},
	{"commands of two bytes are dropped", "a\xFF\xF1b\xFF\xF6c\xFF\xECd\xFF\xF0e\n", []string{`line "abcde"`}},
	{"EC and EL are dropped", "ab\xFF\xF7c\xFF\xF8d\n", []string{`line "abcd"`}},
	{"IAC IAC is a data byte", "a\xFF\xFF\n", []string{"line \"a\uFFFD\""}},
	{"IAC IAC begins no command", "\xFF\xFF\xF4x\n", []string{"line \"\uFFFD\uFFFDx\""}},
	{"IAC before no command is text, and so is what follows", "\xFFes\n", []string{"line \"\uFFFDes\""}},
	{"IAC before a line's end is text", "a\xFF\nb\xFF\r\n", []string{"line \"a\uFFFD\"", "line \"b\uFFFD\""}},
	{"CR and IAC may both turn out to be text", "a\r\xFFb\n", []string{"line \"a\\r\uFFFDb\""}},
	{"IAC at the end of the stream is text", "a\xFF", []string{"line \"a\uFFFD\""}},
	{"CR IAC at the end of the stream is text", "a\r\xFF", []string{"line \"a\\r\uFFFD\""}},
	{"IAC that is text counts", "0123456789\xFFb\nx\n", []string{"too long", `line "x"`}},
	{"IAC that is text counts, at the end of the stream", "0123456789\xFF", []string{"too long"}},
	{"a command cut by the end of the stream is no text", "a\xFF\xFD", []string{`line "a"`}},
	{"a command between CR and LF changes nothing", "a\r\xFF\xFD\x06\nb\r\xFF\xF1\x00c\r\xFF\xF1d\n",
		[]string{"reply FF FC 06", `line "a"`, `line "b"`, `line "c\rd"`}},
	{"commands are answered while skipping", "0123456789a\xFF\xFD\x06b\nx\n", []string{"too long", "reply FF FC 06", `line "x"`}},
	{"Ctrl-D behind a command is still on an empty line", "\xFF\xF1\x04", []string{"leave"}},

	{"subnegotiation is skipped", "a\xFF\xFA\x18\x00x\ny\x04\xFF\xF0b\n", []string{`line "ab"`}},
	{"IAC IAC in a subnegotiation does not end it", "\xFF\xFA\xFF\xFF\xF0x\xFF\xF0b\n", []string{`line "b"`}},
	{"other commands in a subnegotiation do not end it", "\xFF\xFA\xFF\xF4\xFF\xFD\x06\xFF\xF0b\n", []string{`line "b"`}},
	{"a subnegotiation ends after 512 bytes", "a\xFF\xFA" + strings.Repeat("x", 512) + "b\n", []string{`line "ab"`}},
	{"a subnegotiation may have 512 bytes", "a\xFF\xFA" + strings.Repeat("x", 510) + "\xFF\xF0b\n", []string{`line "ab"`}},
	{"a subnegotiation starts counting afresh", strings.Repeat("\xFF\xFA"+strings.Repeat("x", 300)+"\xFF\xF0", 3) + "b\n", []string{`line "b"`}},

	{"IP is the wish to leave, with the timing mark's answer first", "\xFF\xF4", []string{"reply FF FC 06", "leave"}},
	{"DO TIMING-MARK behind IP is not answered twice", "\xFF\xF4\xFF\xFD\x06", []string{"reply FF FC 06", "leave"}},
	{"only the first DO TIMING-MARK behind IP is not answered", "\xFF\xF4\xFF\xFD\x06\xFF\xFD\x06",
		[]string{"reply FF FC 06", "leave", "reply FF FC 06"}},
	{"another option behind IP is answered", "\xFF\xF4\xFF\xFD\x01\xFF\xFD\x06",
		[]string{"reply FF FC 06", "leave", "reply FF FC 01", "reply FF FC 06"}},
	{"WILL TIMING-MARK behind IP is answered", "\xFF\xF4\xFF\xFB\x06", []string{"reply FF FC 06", "leave", "reply FF FE 06"}},
	{"DO TIMING-MARK not directly behind IP is answered", "\xFF\xF4x\xFF\xFD\x06\n",
		[]string{"reply FF FC 06", "leave", "reply FF FC 06", `line "x"`}},
	{"DO TIMING-MARK behind IP and a doubled IAC is answered", "\xFF\xF4\xFF\xFF\xFF\xFD\x06\n",
		[]string{"reply FF FC 06", "leave", "reply FF FC 06", "line \"\uFFFD\""}},
	{"each Ctrl-C is answered", "\xFF\xF4\xFF\xFD\x06\xFF\xF4\xFF\xFD\x06",
		[]string{"reply FF FC 06", "leave", "reply FF FC 06", "leave"}},
	{"IP throws away the line half typed", "one\ntw\xFF\xF4\xFF\xFD\x06o\n",
		[]string{`line "one"`, "reply FF FC 06", "leave", `line "o"`}},
	{"IP throws away a CR", "two\r\xFF\xF4\nx\n", []string{"reply FF FC 06", "leave", `line ""`, `line "x"`}},
	{"IP ends the skipping", "0123456789abc\xFF\xF4d\n", []string{"too long", "reply FF FC 06", "leave", `line "d"`}},
}

func TestTelnet(t *testing.T) { runStreamTests(t, telnetTests) }

func TestNoRepliesWithoutAWriter(t *testing.T) {
	r := NewReader(strings.NewReader("a\xFF\xFD\x06\xFF\xFB\x01b\n\xFF\xF4"), nil, testLimit)
	if line, err := r.ReadLine(); string(line) != "ab" || err != nil {
		t.Fatalf("got %q, %v", line, err)
	}
	if _, err := r.ReadLine(); err != ErrLeave {
		t.Fatalf("got %v, want ErrLeave", err)
	}
}

func TestErrorsOfTheRepliesComeAsTheyAre(t *testing.T) {
	broken := errors.New("client does not read")
	replies := writerFunc(func([]byte) (int, error) { return 0, broken })
	for _, stream := range []string{"a\xFF\xFD\x06", "a\xFF\xFB\x01", "a\xFF\xF4"} {
		r := NewReader(strings.NewReader(stream), replies, testLimit)
		if line, err := r.ReadLine(); line != nil || err != broken {
			t.Errorf("%q: got %q, %v; want the writer's error", stream, line, err)
		}
	}
}

// TestCtrlCOverTCP plays a telnet program whose user presses Ctrl-C in the
// middle of a line, with IP and DO TIMING-MARK in segments of their own.
func TestCtrlCOverTCP(t *testing.T) {
	client, server := tcpPair(t)
	answered := make(chan error, 1)
	go func() {
		defer server.Close()
		r := NewReader(server, server, testLimit)
		_, err := r.ReadLine()
		answered <- err
		for err == nil || err == ErrLeave {
			_, err = r.ReadLine()
		}
	}()
	send(t, client, "half a")
	send(t, client, "\xFF")
	time.Sleep(20 * time.Millisecond)
	send(t, client, "\xF4")
	if got := receive(t, client, 3); got != "\xFF\xFC\x06" {
		t.Fatalf("got % X, want the timing mark's answer before the question", got)
	}
	if err := <-answered; err != ErrLeave {
		t.Fatalf("got %v, want ErrLeave", err)
	}
	send(t, client, "\xFF\xFD")
	time.Sleep(20 * time.Millisecond)
	send(t, client, "\x06")
	client.(*net.TCPConn).CloseWrite()
	if rest, err := io.ReadAll(client); len(rest) > 0 || err != nil {
		t.Fatalf("got % X, %v; one question, one answer", rest, err)
	}
}

// tcpPair returns the two ends of a connection over the loopback interface,
// where nothing takes longer than the deadline.
func tcpPair(t *testing.T) (client, server net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client, err = net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	server, err = listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	for _, c := range []net.Conn{client, server} {
		c.SetDeadline(time.Now().Add(30 * time.Second))
	}
	return client, server
}

func send(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
}

func receive(t *testing.T, c net.Conn, n int) string {
	t.Helper()
	buf := make([]byte, n)
	if _, err := io.ReadFull(c, buf); err != nil {
		t.Fatal(err)
	}
	return string(buf)
}
