package main

import (
	"bytes"
	"io"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"

	"socketlab/kit/nettest"
)

// sit starts a client in a window and waits for its prompt.
func sit(t *testing.T, flags ...string) (*program, *server) {
	t.Helper()
	client, server := clientOf(t, window, flags...)
	client.out.endsWith(t, "Ctrl-C leaves at once.\n>")
	return client, server
}

func TestAHalfTypedLineStaysWhileOthersComeIn(t *testing.T) {
	client, server := sit(t)
	client.keys("half")
	client.out.endsWith(t, "\n> half")
	server.send("one\ntwo\r\nthree\n")
	client.out.endsWith(t, "at once.\none\ntwo\nthree\n> half")
	client.keys(" done\r")
	server.expect("half done\n")
	client.out.endsWith(t, "three\n> half done\n>")
}

func TestALineOfSeveralRowsStays(t *testing.T) {
	client, server := sit(t)
	typed := strings.Repeat("0123456789", 20)
	rows := "> " + typed[:78] + "\n" + typed[78:158] + "\n" + typed[158:]
	client.keys(typed)
	client.out.endsWith(t, "at once.\n"+rows)
	server.send("one\n")
	client.out.endsWith(t, "at once.\none\n"+rows)
	client.keys("\r")
	server.expect(typed + "\n")
}

func TestLettersOfTwoColumnsLeaveNothingBehind(t *testing.T) {
	client, server := sit(t)
	client.keys("日本語")
	client.out.has(t, "> 日本語")
	// The emulator gives each letter one column, so only the bytes tell:
	// the row must be wiped from its first column on.
	server.send("one\n")
	client.out.has(t, "one\n> 日本語")
	if !bytes.Contains(client.out.raw(), []byte("\r\x1b[J")) {
		t.Errorf("the row of the prompt was not wiped: %q", client.out.raw())
	}
	client.keys("\r")
	server.expect("日本語\n")
}

func TestWhatHasNoEndYetStandsBeforeThePrompt(t *testing.T) {
	client, server := sit(t)
	server.send("Na")
	client.out.endsWith(t, "\nNa>")
	server.send("me: ")
	client.out.endsWith(t, "\nName: >")
	client.keys("bob")
	client.out.endsWith(t, "at once.\nName: > bob")
	client.keys("\r")
	server.expect("bob\n")
	client.out.endsWith(t, "at once.\nName: > bob\n>")
	server.send("hello bob\nAge: ") // the same line, for the server
	client.out.endsWith(t, "at once.\nName: > bob\nhello bob\nAge: >")
	server.send("unknown\n")
	client.out.endsWith(t, "\nhello bob\nAge: unknown\n>")
}

func TestAnEscapeSequenceInPiecesIsNoText(t *testing.T) {
	client, server := sit(t)
	server.send("a\x1b")
	client.out.endsWith(t, "\na>")
	server.send("[3")
	server.send("1mb\xe2\x82")
	client.out.endsWith(t, "\nab>")
	server.send("\xac\n")
	client.out.endsWith(t, "\nab€\n>")
}

func TestWhatTheServerSendsDoesNothingToTheScreen(t *testing.T) {
	client, server := sit(t)
	server.send("one\a\x1b[2J\x1b[H\x1b[31mtwo\x1b]0;title\x07\u202e\x9b1mthree\rfour\x00\n")
	client.out.endsWith(t, "at once.\nonetwo\ufffd1mthreefour\n>")
	if raw := client.out.raw(); bytes.ContainsAny(raw, "\a\x00\u202e") || bytes.Contains(raw, []byte("title")) {
		t.Errorf("it got through: %q", raw)
	}
}

func TestAMegabyteWithoutALineEndInAWindow(t *testing.T) {
	client, server := sit(t)
	client.keys("half")
	client.out.endsWith(t, "\n> half")
	server.send(strings.Repeat("x", 1<<20))
	server.send("\nend\n")
	client.out.endsWith(t, "x\nend\n> half")
	if !bytes.Contains(client.out.raw(), []byte("x…")) {
		t.Error("nothing says that the line went on")
	}
	client.keys("\r")
	server.expect("half\n")
}

func TestHistory(t *testing.T) {
	const up, down = "\x1b[A", "\x1b[B"
	client, server := sit(t)
	client.keys("first\rsecond\r")
	server.expect("first\nsecond\n")
	client.keys(up + up + "!\r")
	server.expect("first!\n")
	client.keys("new" + up + up + down + down + "er\r")
	server.expect("newer\n")
}

func TestResize(t *testing.T) {
	client, server := sit(t)
	client.keys(strings.Repeat("a", 30))
	client.out.endsWith(t, "\n> "+strings.Repeat("a", 30))

	before := len(client.out.raw())
	client.out.mu.Lock()
	client.out.screen.Resize(40, 24)
	client.out.mu.Unlock()
	if err := pty.Setsize(client.master, &pty.Winsize{Rows: 24, Cols: 40}); err != nil {
		t.Fatal(err)
	}
	client.out.until(t, "a new drawing of the line", func(string) bool { return len(client.out.raw()) > before })

	client.keys(strings.Repeat("b", 20))
	rows := "> " + strings.Repeat("a", 30) + strings.Repeat("b", 8) + "\n" + strings.Repeat("b", 12)
	client.out.endsWith(t, "\n"+rows)
	server.send("one\n")
	client.out.endsWith(t, "\none\n"+rows)
	client.keys("\r")
	server.expect(strings.Repeat("a", 30) + strings.Repeat("b", 20) + "\n")
}

// A container's terminal has no size at first.
func TestAWindowWithoutSize(t *testing.T) {
	server := listen(t)
	client := hiddenWindow(t, &pty.Winsize{}, nil, "127.0.0.1", server.port)
	client.out = newOutput(nil)
	go io.Copy(client.out, client.master)
	server.accept()
	client.out.endsWith(t, "> ")
	client.keys("hello")
	client.out.endsWith(t, "> hello") // and not one letter in each row
	client.keys("\r")
	server.expect("hello\n")
	client.keys("\x03")
	client.exits(130)
}

func TestCtrlC(t *testing.T) {
	client, server := sit(t)
	client.keys("half\x03")
	client.exits(130)
	client.out.endsWith(t, "at once.\n>") // what came with the key is dropped
	server.expectEnd()
}

func TestCtrlCLeavesARowToTheShell(t *testing.T) {
	client, _ := sit(t)
	client.keys("half")
	client.out.endsWith(t, "> half")
	client.keys("\x03")
	client.exits(130)
	client.out.until(t, "the cursor on a row of its own", func(shown string) bool {
		x, y, above := client.out.cursor()
		return x == 0 && y == 3 && above == '>' && strings.HasSuffix(shown, "> half")
	})
}

func TestCtrlCWhileTheServerReadsNothing(t *testing.T) {
	server := listen(t)
	client := window(t, []string{"TEST_CONNECTION=stuck"}, "127.0.0.1", server.port)
	server.accept()
	client.out.endsWith(t, "\n>")
	client.keys("this line waits to be sent\r")
	client.out.until(t, "a row without a prompt", func(shown string) bool {
		x, _, _ := client.out.cursor()
		return strings.HasSuffix(shown, "to be sent") && x == 0
	})
	client.keys("and this one to be read\r")
	client.keys("\x03")
	client.exits(130)
}

// Nobody has such a key, but a file thrown at the terminal may begin with it.
func TestAKeyWithoutEnd(t *testing.T) {
	client, server := sit(t)
	client.keys("\x1b[" + strings.Repeat("1", 1000))
	server.expectEnd()
	server.conn.Close()
	client.exits(1)
	client.out.has(t, "cannot read the input")
}

func TestCtrlDIsAPoliteGoodbye(t *testing.T) {
	client, server := sit(t)
	client.keys("last question\r")
	server.expect("last question\n")
	client.keys("\x04")
	server.expectEnd()
	if !client.isRestored() {
		t.Error("the terminal is still the editor's")
	}
	server.send("last ans")
	client.out.endsWith(t, "\nlast ans")
	server.send("wer\n")
	server.conn.Close()
	client.exits(0)
	client.out.has(t, "\n-- You closed your side (FIN). The server may still speak. Ctrl-C leaves.\n"+
		"last answer\n-- The server closed its side, too. Goodbye.")
}

func TestWhatEnterHasKeptIsNotShownAgain(t *testing.T) {
	client, server := sit(t)
	server.send("Name: ")
	client.out.endsWith(t, "\nName: >")
	client.keys("bob\r")
	server.expect("bob\n")
	client.keys("\x04")
	server.expectEnd()
	server.send("hello\n")
	client.out.endsWith(t, "Name: > bob\n>\n-- You closed your side (FIN). The server may still speak. Ctrl-C leaves.\nhello")
}

func TestCtrlCAfterCtrlD(t *testing.T) {
	client, server := sit(t)
	client.keys("\x04")
	server.expectEnd()
	client.out.has(t, "You closed your side")
	client.keys("typed in vain\r\x04") // not ours any more
	client.keys("\x03")
	client.exits(130)
}

func TestTheServerClosesFirst(t *testing.T) {
	client, server := sit(t)
	client.keys("half")
	client.out.endsWith(t, "> half")
	server.send("bye\n")
	server.conn.Close()
	client.exits(0)
	client.out.endsWith(t, "\nbye\n> half\n-- The server closed the connection.")
}

func TestTheServerClosesInMidLine(t *testing.T) {
	client, server := sit(t)
	server.send("a long unfinished line, of which only the end fits in front of the prompt, and ")
	client.out.endsWith(t, "\n…s in front of the prompt, and >")
	server.send("then\xe2")
	server.conn.Close()
	client.exits(0)
	client.out.endsWith(t, "\na long unfinished line, of which only the end fits in front of the prompt, and t\n"+
		"hen\ufffd\n-- The server closed the connection. Its last line has no end.")
}

func TestTheConnectionBreaksInAWindow(t *testing.T) {
	client, server := sit(t)
	server.reset()
	client.exits(1)
	client.out.has(t, "interactive-client: the server broke the connection off, without a goodbye (read")
}

func TestSignalsGiveTheTerminalBack(t *testing.T) {
	for sig, code := range map[syscall.Signal]int{
		syscall.SIGTERM: 143, syscall.SIGHUP: 129, syscall.SIGINT: 130, syscall.SIGQUIT: 131,
	} {
		t.Run(sig.String(), func(t *testing.T) {
			client, server := sit(t)
			client.keys("half")
			client.out.endsWith(t, "> half")
			if client.isRestored() {
				t.Error("the terminal was never the editor's")
			}
			client.Signal(sig)
			client.exits(code)
			server.expectEnd()
		})
	}
}

// What is typed before the terminal is ours would be shown twice, by the
// terminal and by the editor: so whoever reads the hint must find it taken over.
func TestTheTerminalIsTakenOverBeforeTheHint(t *testing.T) {
	server := listen(t)
	client := newWindow(t, &pty.Winsize{Rows: 24, Cols: 80}, nil, []string{"127.0.0.1", server.port})
	hint, notes, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { hint.Close() })
	fill(t, notes) // the hint waits until it is read
	client.cmd.Stderr = notes
	client.run()
	notes.Close()
	server.accept()
	for limit := time.Now().Add(nettest.Limit); client.isRestored(); {
		if time.Now().After(limit) {
			t.Fatal("the client shows its hint first")
		}
		runtime.Gosched()
	}
	go io.Copy(io.Discard, hint)
	client.keys("\x03")
	client.exits(130)
}

func TestSIGTERMInAWindowThatTakesNothing(t *testing.T) {
	server := listen(t)
	client := hiddenWindow(t, &pty.Winsize{Rows: 24, Cols: 80}, nil, "127.0.0.1", server.port)
	server.accept()
	fill(t, server.conn) // the client waits for its window now, and the server for the client
	client.Signal(syscall.SIGTERM)
	client.exits(143)
}

func TestTheWindowIsClosed(t *testing.T) {
	server := listen(t)
	client := hiddenWindow(t, &pty.Winsize{Rows: 24, Cols: 80}, nil, "127.0.0.1", server.port)
	server.accept()
	client.keys("hello\r")
	server.expect("hello\n")
	client.tty.Close()
	client.tty = nil // how it is set cannot be asked any more
	client.master.Close()
	client.exits(129)
	server.expectEnd()
}

func TestAPanicGivesTheTerminalBack(t *testing.T) {
	server := listen(t)
	client := window(t, []string{"TEST_CONNECTION=panics"}, "127.0.0.1", server.port)
	server.accept()
	client.out.endsWith(t, "\n>")
	server.send("boo\n")
	client.exits(2)
	client.out.until(t, "the panic", func(string) bool {
		return bytes.Contains(client.out.raw(), []byte("a bug in the client")) &&
			bytes.Contains(client.out.raw(), []byte("(*faultyConn).Read"))
	})
}

func TestQuitInAWindow(t *testing.T) {
	client, server := sit(t, "-quit", "QUIT")
	server.send("HELLO\nQUIT")
	server.expectEnd()
	server.conn.Close()
	client.exits(0)
	client.out.endsWith(t, "\nHELLO\n>\nQUIT\n-- The server said QUIT: closing our side (FIN).\n"+
		"-- The server closed its side, too. Goodbye. Its last line has no end.")
}

func TestHexInAWindow(t *testing.T) {
	client, server := sit(t, "-hex")
	client.keys("hello\r")
	server.expect("hello\n")
	client.out.has(t, "\n00000000  68 65 6c 6c 6f 0a                                 |hello.|\n>")
	server.send("HEL")
	client.out.has(t, "\n<- 3 bytes at ")
	server.send("\x1b\x00")
	client.out.endsWith(t, "5 so far\n00000000  1b 00                                             |..|\n>")
}

func TestColours(t *testing.T) {
	tests := []struct {
		name, env string
		want      bool
	}{
		{"a terminal", "", true},
		{"NO_COLOR", "NO_COLOR=1", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := listen(t)
			client := window(t, []string{test.env}, "-hex", "127.0.0.1", server.port)
			server.accept()
			client.keys("hello\r")
			server.expect("hello\n")
			server.send("HELLO\n")
			client.out.has(t, "|HELLO.|")
			client.keys("\x04")
			server.expectEnd()
			server.conn.Close()
			client.exits(0)
			client.out.has(t, "Goodbye")
			for what, code := range map[string]string{"server": "\x1b[36m<-", "you": "\x1b[32m->", "note": "\x1b[33m--"} {
				if got := bytes.Contains(client.out.raw(), []byte(code)); got != test.want {
					t.Errorf("the colour %q: %v, want %v", what, got, test.want)
				}
			}
		})
	}
}

func TestTheServersTextIsColoured(t *testing.T) {
	client, server := sit(t)
	server.send("hello\n")
	client.out.until(t, "hello in the server's colour", func(string) bool {
		return bytes.Contains(client.out.raw(), []byte("\x1b[36mhello\x1b[0m"))
	})
}

func TestCRLFTyped(t *testing.T) {
	client, server := sit(t, "-crlf")
	client.keys("hello\r")
	server.expect("hello\r\n")
}
