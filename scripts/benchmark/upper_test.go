package main

import (
	"bytes"
	"net"
	"testing"
	"time"
)

// The peer must be a correct upper server, however its input is cut: the
// chunks come byte by byte, in the middle of letters as well, and then several
// lines come in one.
func TestPeerAnswersLines(t *testing.T) {
	server := startPeer(t, builder{checkout: "../.."}.inNode(nodeLines, saysLines(), "upper.js", "lines"))
	conn := dialServer(t, server.addr)
	if err := awaitGreeting(conn); err != nil {
		t.Fatal(err)
	}
	for _, b := range []byte("grüße\n") {
		conn.Write([]byte{b})
		time.Sleep(5 * time.Millisecond) // a read each
	}
	conn.Write([]byte("a\n\nstraße\nrest"))
	conn.Write([]byte(" and end\n"))
	want := []byte("GRÜSSE\nQUIT\nA\nQUIT\n\nQUIT\nSTRASSE\nQUIT\nREST AND END\nQUIT\n")
	if err := expect(conn, want, make([]byte, len(want))); err != nil {
		t.Error(err)
	}
}

func TestPeerAnswersRaw(t *testing.T) {
	server := startPeer(t, builder{checkout: "../.."}.inNode(nodeRaw, saysRaw(), "upper.js", "raw"))
	conn := dialServer(t, server.addr)
	if err := awaitGreeting(conn); err != nil {
		t.Fatal(err)
	}
	for _, message := range []string{"a\nb", "straße\n"} {
		turns := saysRaw().turns(client{}, [][]byte{[]byte(message)})
		if err := turns[0].take(conn, make([]byte, 100)); err != nil {
			t.Error(err)
		}
	}
}

// Lines and answers pass by a client that does not read for a while: 8 MB are
// more than the buffers of both ends hold.
func TestPeerKeepsWhatWaits(t *testing.T) {
	server := startPeer(t, builder{checkout: "../.."}.inNode(nodeLines, saysLines(), "upper.js", "lines"))
	conn := dialServer(t, server.addr)
	said := bytes.Repeat(bytes.Join(accentedLines(64), nil), 2048)
	var want []byte
	for line := range bytes.Lines(said) {
		want = append(want, saysLines().turn(client{}, line).heard...)
	}
	sent := make(chan error, 1)
	go func() {
		_, err := conn.Write(said)
		sent <- err
	}()
	time.Sleep(200 * time.Millisecond)
	if err := awaitGreeting(conn); err != nil {
		t.Fatal(err)
	}
	if err := expect(conn, want, make([]byte, len(want))); err != nil {
		t.Error(err)
	}
	if err := <-sent; err != nil {
		t.Error("sending:", err)
	}
}

func awaitGreeting(conn net.Conn) error {
	return expect(conn, []byte(greeting), make([]byte, len(greeting)))
}

func dialServer(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	return conn
}
