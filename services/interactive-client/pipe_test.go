package main

import (
	"io"
	"os"
	"strings"
	"testing"
	"unicode"
)

func TestPipedInput(t *testing.T) {
	client, server := clientOf(t, piped)
	client.pipe("one\ntwo\nno end")
	client.in.Close()
	server.expect("one\ntwo\nno end")
	server.expectEnd()
	server.send("ONE\n")
	client.out.endsWith(t, "ONE\n")
	server.send("TWO\nNO END")
	server.conn.Close()
	client.exits(0)
	if got := client.out.String(); got != "ONE\nTWO\nNO END" {
		t.Errorf("stdout is %q", got)
	}
	if got := client.err.String(); got != "-- The server closed its side, too. Goodbye. Its last line has no end.\n" {
		t.Errorf("stderr is %q", got)
	}
}

func TestTheServerClosesWhileThePipeIsOpen(t *testing.T) {
	client, server := clientOf(t, piped)
	server.send("bye\n")
	server.conn.Close()
	client.exits(0)
	if got := client.out.String() + client.err.String(); got != "bye\n-- The server closed the connection.\n" {
		t.Errorf("it says %q", got)
	}
}

func TestAnUnfinishedLineIsWrittenAtOnce(t *testing.T) {
	client, server := clientOf(t, piped)
	server.send("Na")
	client.out.endsWith(t, "Na")
	server.send("me\x1b[")
	client.out.endsWith(t, "Name")
	server.send("31m: ")
	client.out.endsWith(t, "Name: ")
	server.send("\xe2")
	server.send("\x82\xac\r")
	client.out.endsWith(t, "Name: €")
	server.send("\nnext\n")
	client.out.endsWith(t, "Name: €\nnext\n")
}

func TestAMegabyteWithoutALineEndInAPipe(t *testing.T) {
	client, server := clientOf(t, piped)
	text := strings.Repeat("x", 1<<20)
	server.send(text)
	server.conn.Close()
	client.exits(0)
	if got := client.out.String(); got != text {
		t.Errorf("%d bytes came through, or others", len(got))
	}
}

func TestBinaryHasNoEffect(t *testing.T) {
	client, server := clientOf(t, piped)
	var all strings.Builder
	for i := range 1 << 16 {
		all.Write([]byte{byte(i >> 8), byte(i)})
	}
	server.send(all.String() + "\nend\n")
	server.conn.Close()
	client.exits(0)
	client.out.endsWith(t, "end\n")
	for _, c := range client.out.String() {
		if unicode.IsControl(c) && c != '\n' {
			t.Fatalf("%U got through", c)
		}
	}
}

func TestALongBinaryLineHasNoEffect(t *testing.T) {
	client, server := clientOf(t, piped)
	server.send(strings.Repeat("x\x1b[31m\a", 2*maxUnfinished) + "\nend\n")
	server.conn.Close()
	client.exits(0)
	client.out.endsWith(t, "end\n")
	if strings.ContainsAny(client.out.String(), "\x1b\a") {
		t.Error("control characters got through")
	}
}

func TestNoEscapeBytesWithoutATerminal(t *testing.T) {
	for _, flags := range [][]string{nil, {"-hex"}} {
		client, server := clientOf(t, piped, flags...)
		client.pipe("hello\n")
		server.expect("hello\n")
		server.send("\x1b[31mHELLO\n")
		server.conn.Close()
		client.exits(0)
		if text := client.out.String() + client.err.String(); strings.Contains(text, "\x1b") || !strings.Contains(text, "HELLO") {
			t.Errorf("%v: it says %q", flags, text)
		}
	}
}

func TestHexShowsBothDirectionsAndSizes(t *testing.T) {
	client, server := clientOf(t, piped, "-hex")
	client.pipe("hello\n")
	server.expect("hello\n")
	client.out.has(t, "-> 6 bytes at 0.")
	client.out.endsWith(t, " s, 6 so far\n00000000  68 65 6c 6c 6f 0a                                 |hello.|\n")
	server.send("H")
	client.out.has(t, "<- 1 byte at 0.")
	client.out.endsWith(t, " s, 1 so far\n00000000  48                                                |H|\n")
	server.send("ELLO\nQUIT")
	client.out.has(t, "<- 9 bytes at 0.")
	client.out.endsWith(t, " s, 10 so far\n00000000  45 4c 4c 4f 0a 51 55 49  54                       |ELLO.QUIT|\n")
}

// Neither side may wait for the other to read first.
func TestFiveMegabytesThereAndBack(t *testing.T) {
	client, server := clientOf(t, piped)
	go func() {
		io.Copy(server.conn, server.conn)
		server.conn.CloseWrite()
	}()
	text := strings.Repeat("0123456789abcdef 0123456789abcde\n", 5<<20/33)
	client.pipe(text)
	client.in.Close()
	client.exits(0)
	if got := client.out.String(); got != text {
		t.Errorf("sent %d bytes, got %d, or others", len(text), len(got))
	}
}

func TestTheConnectionBreaks(t *testing.T) {
	client, server := clientOf(t, piped)
	server.send("in the mid")
	client.out.endsWith(t, "in the mid")
	server.reset()
	client.exits(1)
	client.err.has(t, "interactive-client: the server broke the connection off, without a goodbye (read tcp")
	client.err.has(t, "connection reset by peer)\n")
}

func TestAServerThatNeverAnswersNorCloses(t *testing.T) {
	client, server := clientOf(t, piped, "-wait", "200ms")
	client.pipe("hello\n")
	server.expect("hello\n")
	client.in.Close()
	server.expectEnd()
	client.exits(1)
	client.err.has(t, "the server was silent for 200ms after your goodbye, and did not close its side")
}

func TestCRLFPiped(t *testing.T) {
	client, server := clientOf(t, piped, "-crlf")
	client.pipe("one\ntwo\r\n\n")
	server.expect("one\r\ntwo\r\n\r\n")
	client.pipe("cut\r")
	server.expect("cut\r")
	client.pipe("\n")
	server.expect("\n")
}

func TestQuit(t *testing.T) {
	for name, pieces := range map[string][]string{
		"alone":                   {"QUIT\n"},
		"CR LF":                   {"QUIT\r\n"},
		"glued to what is before": {"HELLO\nQUIT\n"},
		"glued to what is behind": {"QUIT\nand more\n"},
		"cut":                     {"QU", "IT\n"},
		"cut before its end":      {"QUIT", "\n"},
		"without an end":          {"HELLO\nQUIT"},
		"cut, without an end":     {"HELLO\nQU", "IT"},
		"behind other letters":    {"Ü\nQUIT"},
	} {
		t.Run(name, func(t *testing.T) {
			client, server := clientOf(t, piped, "-quit", "QUIT")
			for _, piece := range pieces {
				server.send(piece)
				client.out.endsWith(t, strings.ReplaceAll(piece, "\r", ""))
			}
			server.expectEnd()
			server.send("last\n")
			server.conn.Close()
			client.exits(0)
			client.out.endsWith(t, "last\n")
			client.err.has(t, "-- The server said QUIT: closing our side (FIN).\n-- The server closed its side, too. Goodbye.\n")
		})
	}
}

func TestQuitAtTheEndOfTheStream(t *testing.T) {
	client, server := clientOf(t, piped, "-quit", "QUIT")
	server.send("HELLO\nQUIT")
	server.conn.Close()
	client.exits(0)
	client.out.endsWith(t, "HELLO\nQUIT")
}

func TestQuitWhileTheServerReadsNothing(t *testing.T) {
	client, server := clientOf(t, piped, "-quit", "QUIT")
	fill(t, client.in) // the client waits for its server now, and the pipe for the client
	server.send("QUIT\n")
	client.err.has(t, "The server said QUIT")
	if _, err := io.Copy(io.Discard, server.conn); err != nil {
		t.Fatal(err)
	}
	server.conn.Close()
	client.exits(0)
}

func TestAnInputThatCannotBeRead(t *testing.T) {
	server := listen(t)
	client := newProgram(t, nil, []string{"127.0.0.1", server.port})
	client.out, client.err = newOutput(nil), newOutput(nil)
	client.cmd.Stdout, client.cmd.Stderr = client.out, client.err
	folder, err := os.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	client.cmd.Stdin = folder
	client.run()
	server.accept()
	server.expectEnd()
	server.conn.Close()
	client.exits(1)
	client.err.has(t, "cannot read the input")
}
