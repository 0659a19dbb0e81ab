package nettest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"
	"time"
)

// Limit bounds every wait. It is long: no right program comes near it, however
// slow the machine, and a wrong one is found all the same.
const Limit = 20 * time.Second

// Client is one peer of the server under test. Its methods fail the test, so
// they belong to the test's own goroutine.
type Client struct {
	t testing.TB
	// Conn is the connection, for what is not in a transcript. What comes is
	// read from In, which has read ahead.
	Conn *net.TCPConn
	In   *bufio.Reader
}

// Dial connects to addr. The connection is closed at the end of the test.
func Dial(t testing.TB, addr string) *Client {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr, Limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &Client{t: t, Conn: conn.(*net.TCPConn), In: bufio.NewReader(conn)}
}

// Send sends text.
func (c *Client) Send(text string) {
	c.t.Helper()
	c.Conn.SetWriteDeadline(time.Now().Add(Limit))
	if _, err := io.WriteString(c.Conn, text); err != nil {
		c.t.Fatalf("send %s: %v", show(text), err)
	}
}

// Expect reads exactly text, however it is cut.
func (c *Client) Expect(text string) {
	c.t.Helper()
	c.Conn.SetReadDeadline(time.Now().Add(Limit))
	got := make([]byte, len(text))
	n, err := io.ReadFull(c.In, got)
	if string(got[:n]) != text {
		c.t.Fatalf("expected %s\n     got %s (%v)", show(text), show(string(got[:n])), err)
	}
}

// SkipTo reads up to text, and all of text, and forgets it: what came before is
// not what the test is about.
func (c *Client) SkipTo(text string) {
	c.t.Helper()
	c.Conn.SetReadDeadline(time.Now().Add(Limit))
	var got []byte
	for !bytes.HasSuffix(got, []byte(text)) {
		b, err := c.In.ReadByte()
		if err != nil {
			c.t.Fatalf("waiting for %s\n    got %s (%v)", show(text), show(string(got)), err)
		}
		got = append(got, b)
	}
}

// ExpectEnd reads the server's FIN, with nothing before it.
func (c *Client) ExpectEnd() {
	c.t.Helper()
	if err := c.end(); err != io.EOF {
		c.t.Fatalf("expected the end of the stream, got %v", err)
	}
}

// ExpectReset reads the server's RST, with nothing before it.
func (c *Client) ExpectReset() {
	c.t.Helper()
	if err := c.end(); !errors.Is(err, syscall.ECONNRESET) {
		c.t.Fatalf("expected a reset, got %v", err)
	}
}

// end reads what comes instead of data; data is an error that shows it.
func (c *Client) end() error {
	c.Conn.SetReadDeadline(time.Now().Add(Limit))
	rest := make([]byte, 256)
	n, err := c.In.Read(rest)
	if n > 0 {
		return fmt.Errorf("more data: %s", show(string(rest[:n])))
	}
	return err
}

// Stream sends data and FIN, and reads until the server's FIN at the same time,
// as a client of a large stream must: the two kernels' buffers do not hold it.
// It returns what it has read.
func (c *Client) Stream(data []byte) []byte {
	c.t.Helper()
	c.Conn.SetDeadline(time.Now().Add(Limit))
	sent := make(chan error, 1)
	go func() {
		_, err := c.Conn.Write(data)
		sent <- errors.Join(err, c.Conn.CloseWrite())
	}()
	got, err := io.ReadAll(c.In)
	if err := errors.Join(err, <-sent); err != nil {
		c.t.Fatal(err)
	}
	return got
}

// CloseWrite sends FIN and keeps reading: the half-close of `nc -N`.
func (c *Client) CloseWrite() {
	c.t.Helper()
	if err := c.Conn.CloseWrite(); err != nil {
		c.t.Fatal(err)
	}
}

// Reset ends the connection with a RST, as a crashed client's kernel does.
func (c *Client) Reset() {
	c.t.Helper()
	if err := c.Conn.SetLinger(0); err != nil {
		c.t.Fatal(err)
	}
	c.Conn.Close()
}

// show quotes text and keeps a failure readable when text is long.
func show(text string) string {
	const most = 200
	if len(text) <= most {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprintf("%q… (%d bytes)", text[:most], len(text))
}
