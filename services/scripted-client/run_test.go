package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"socketlab/kit/boot"
	"socketlab/kit/nettest"
)

// says is a server that says text, whatever the client says, and closes when
// the client has left.
func says(text string) func(*net.TCPConn) {
	return func(conn *net.TCPConn) {
		io.WriteString(conn, text)
		io.Copy(io.Discard, conn)
	}
}

// An outcome is what a run of the client came to.
type outcome struct {
	out string // what it printed
	log *nettest.Logbook
	err error
}

// result runs the client and waits for its end.
func result(t *testing.T, ctx context.Context, cfg config) outcome {
	t.Helper()
	if cfg.timeout == 0 {
		cfg.timeout = nettest.Limit
	}
	if cfg.connect == 0 {
		cfg.connect = nettest.Limit
	}
	var out bytes.Buffer
	log := nettest.NewLogbook()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, cfg, nettest.Logger(log), &out) }()
	select {
	case err := <-ended:
		return outcome{out.String(), log, err}
	case <-time.After(2 * nettest.Limit):
		t.Fatalf("it hangs; the log:\n%s", log)
		return outcome{}
	}
}

// script writes a talk into a file.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "test.talk")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheConversation(t *testing.T) {
	const all = "Hello from the server!\nHELLO FROM THE CLIENT!\nQUIT\n"
	for name, test := range map[string]struct{ said, printed string }{
		"lines":               {"Hello from the server!\nHELLO FROM THE CLIENT!\nQUIT\n", all},
		"raw":                 {"Hello from the server!\nHELLO FROM THE CLIENT!\nQUIT", all},
		"behind the capitals": {"Hello from the server!\nHELLO FROM THE CLIENT!QUIT", all},
		"QUIT alone":          {"QUIT", "QUIT\n"},
		"after QUIT":          {"QUIT\nfarewell\n", "QUIT\nfarewell\n"},
		"CR LF":               {"hi\r\nQUIT\r\n", "hi\nQUIT\n"},
		"escape sequences":    {"\x1b[2J\x1b]0;title\aname\r\tx\u202e\nQUIT\n", "name x\nQUIT\n"},
		"binary":              {"\x00\x01\xff\xfea\nQUIT\n", "\uFFFD\uFFFDa\nQUIT\n"},
		"a word with QUIT":    {"MOSQUITO, type QUIT to leave\nQUIT\n", "MOSQUITO, type QUIT to leave\nQUIT\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := result(t, t.Context(), config{addr: nettest.Listen(t, says(test.said))})
			if got.err != nil || got.out != test.printed {
				t.Errorf("%v, printed:\n%s", got.err, got.out)
			}
			if len(got.log.All("Connected to Server!")) != 1 || len(got.log.All("Disconnected from server")) != 1 {
				t.Errorf("the log:\n%s", got.log)
			}
		})
	}
}

func TestTheClientSaysHelloAndLeavesOnQUIT(t *testing.T) {
	heard := make(chan string, 1)
	addr := nettest.Listen(t, func(conn *net.TCPConn) {
		io.WriteString(conn, "QUIT") // and then it waits for the client's FIN
		all, _ := io.ReadAll(conn)
		heard <- string(all)
	})
	if got := result(t, t.Context(), config{addr: addr}); got.err != nil {
		t.Error(got.err)
	}
	if got := <-heard; got != "Hello from the client!\n" {
		t.Errorf("it said %q", got)
	}
}

// Who has said QUIT may hang up however it likes.
func TestAResetAfterTheGoodbye(t *testing.T) {
	addr := nettest.Listen(t, func(conn *net.TCPConn) {
		io.WriteString(conn, "QUIT\n")
		io.Copy(io.Discard, conn) // until the client's FIN
		conn.SetLinger(0)
	})
	for _, cfg := range []config{{addr: addr}, {addr: addr, script: script(t, "< QUIT\n")}} {
		if got := result(t, t.Context(), cfg); got.err != nil {
			t.Errorf("script %q: it says %v", cfg.script, got.err)
		}
	}
}

// forever sends text over and over, until the client has gone.
func forever(text string) func(*net.TCPConn) {
	return func(conn *net.TCPConn) {
		for {
			if _, err := io.WriteString(conn, text); err != nil {
				return
			}
		}
	}
}

// Servers that do not do as they should. Each test names the word of the error
// that tells a beginner what to look for. None of it may hang.
func TestServersThatAreWrong(t *testing.T) {
	const short = 300 * time.Millisecond
	silent := func(conn *net.TCPConn) { io.Copy(io.Discard, conn) }
	stays := func(conn *net.TCPConn) { // says QUIT, and ignores the client's FIN
		io.WriteString(conn, "QUIT\n")
		io.Copy(io.Discard, conn)
		<-t.Context().Done()
	}
	reset := func(conn *net.TCPConn) {
		io.WriteString(conn, "Hello\n")
		conn.Read(make([]byte, 1))
		conn.SetLinger(0)
	}
	talk := "> hello\n< HELLO\n< QUIT\n"
	for _, test := range []struct {
		name   string
		serve  func(*net.TCPConn)
		script string // empty: the conversation
		says   string
	}{
		{"never answers", silent, "", "the server has not said QUIT: waited 300ms in vain"},
		{"never answers", silent, talk, `test.talk:2: expected "HELLO": waited 300ms in vain`},
		{"no line end", says("Hello from"), "", `waited 300ms in vain; it had begun a line with "Hello from"`},
		{"closes", func(conn *net.TCPConn) { io.WriteString(conn, "Hello\n"); bufferedRead(conn) }, "", "has not said QUIT: the server closed the connection"},
		{"closes in mid-line", func(conn *net.TCPConn) { io.WriteString(conn, "HEL"); bufferedRead(conn) }, talk,
			`test.talk:2: expected "HELLO": the server closed the connection; it had begun a line with "HEL"`},
		{"resets", reset, "", "the server broke the connection off, without a goodbye (read tcp 127.0.0.1:"},
		{"resets", reset, "< Hello\n> x\n< X\n", "test.talk:3: expected \"X\": the server broke the connection off, without a goodbye (read tcp 127.0.0.1:"},
		{"a megabyte without LF", says(strings.Repeat("x", 1<<20)), "", `the server sent more than 65536 bytes without a line end; it had begun a line with "xxx`},
		{"a megabyte without LF", says(strings.Repeat("x", 1<<20)), talk, "test.talk:2: expected \"HELLO\": the server sent more than 65536 bytes without a line end"},
		{"never stops", forever("blah\n"), "", "the server has not said QUIT: waited 300ms in vain"},
		{"never stops after QUIT", forever("QUIT\n"), "", "left, but the server does not close the connection: waited 300ms in vain"},
		{"does not close", stays, "", "left, but the server does not close the connection: waited 300ms in vain"},
		{"does not close", stays, "< QUIT\n", "test.talk: the talk is over, but the server does not close in peace: waited 300ms in vain"},
		{"says something else", says("HELO\nQUIT\n"), talk, `test.talk:2: expected "HELLO", got "HELO"`},
		{"says more", says("HELLO\nQUIT\nmore\n"), talk, `test.talk: the talk is over, but the server says "more"`},
		{"says more, unfinished", func(conn *net.TCPConn) { io.WriteString(conn, "HELLO\nQUITmore"); io.Copy(io.Discard, conn) }, talk,
			`the server does not close in peace: the server closed the connection; it had begun a line with "more"`},
		{"escape sequences", says("\x1b[2JHELLO\n"), talk, `test.talk:2: expected "HELLO", got "\x1b[2JHELLO"`},
		{"binary", says("\x00\xff\n"), talk, `test.talk:2: expected "HELLO", got "\x00` + "\uFFFD\""},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := config{addr: nettest.Listen(t, test.serve), timeout: nettest.Limit}
			if strings.Contains(test.says, "300ms") {
				cfg.timeout = short
			}
			if test.script != "" {
				cfg.script = script(t, test.script)
			}
			got := result(t, t.Context(), cfg)
			if got.err == nil || !strings.Contains(got.err.Error(), test.says) {
				t.Errorf("it says %v\nwant     %s", got.err, test.says)
			}
			if coded := (*boot.ExitError)(nil); errors.As(got.err, &coded) {
				t.Errorf("exit code %d", coded.Code)
			}
			if strings.ContainsAny(got.out, "\x1b\x00") {
				t.Errorf("printed %q", got.out)
			}
		})
	}
}

// bufferedRead takes what the client has said, so that closing the connection
// then is a FIN, and no RST for bytes that nobody read.
func bufferedRead(conn *net.TCPConn) { conn.Read(make([]byte, 4096)) }

func TestAServerThatReadsNothing(t *testing.T) {
	addr := nettest.Listen(t, func(conn *net.TCPConn) { <-t.Context().Done() })
	line := "> " + strings.Repeat("x", 1<<20) + "\n"
	got := result(t, t.Context(), config{addr: addr, timeout: 300 * time.Millisecond, script: script(t, strings.Repeat(line, 64))})
	if got.err == nil || !strings.Contains(got.err.Error(), "could not say this: waited 300ms in vain") {
		t.Errorf("it says %v", got.err)
	}
}

func TestTalks(t *testing.T) {
	for name, test := range map[string]struct{ said, script string }{
		"…":                         {"* guest-7 joined #lobby\n[#lobby] bob: hi\n", "< * … joined #lobby\n< […] bob: …\n"},
		"glued":                     {"HELLOQUIT", "> hello\n< HELLO\n< QUIT\n"},
		"glued behind …":            {"HELLO YOUQUIT", "< HELLO …\n< QUIT\n"},
		"raw, several":              {"ONE\nQUITTWO\nQUIT", "< ONE\n< QUIT\n< TWO\n< QUIT\n"},
		"lines, several":            {"ONE\nQUIT\nTWO\nQUIT\n", "< ONE\n< QUIT\n< TWO\n< QUIT\n"},
		"words that begin with it":  {"QUITE A LOT\nQUIT\nQUITTER\n", "< QUITE A LOT\n< QUIT\n< QUITTER\n"},
		"words that … stands for":   {"I QUIT TODAY\nbye\n", "< …\n< bye\n"},
		"words that contain it":     {"MOSQUITO\nQUIT\nI QUIT\n", "< MOSQUITO\n< QUIT\n< I QUIT\n"},
		"not UTF-8":                 {"a\xffb\n", "< a\uFFFDb\n"},
		"an empty line before QUIT": {"\nQUIT\n", "<\n< QUIT\n"},
		"nothing expected":          {"", "> hello\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := result(t, t.Context(), config{addr: nettest.Listen(t, says(test.said)), script: script(t, test.script)})
			if got.err != nil {
				t.Errorf("%v, printed:\n%s", got.err, got.out)
			}
		})
	}
}

func TestATalkIsPrintedAsItGoes(t *testing.T) {
	got := result(t, t.Context(), config{addr: nettest.Listen(t, says("a\tb\nHELO\n")), script: script(t, "< a…\n\n> \x1b[2Jhello\n# no\n< HELLO\n")})
	const want = `< a b
> hello
< HELO
test.talk:5: the server said something else
  expected "HELLO"
  got      "HELO"
               ^
`
	if got.out != want {
		t.Errorf("printed:\n%s\nwant:\n%s", got.out, want)
	}
}

// nobodyListens is what is said of addr where that is so.
func nobodyListens(addr string) string {
	host, port, _ := net.SplitHostPort(addr)
	return fmt.Sprintf("nobody listens on port %s of %s: is the server up? (dial tcp %s: connect: connection refused)", port, host, addr)
}

func TestItWaitsForAServerThatStarts(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close()
	log := nettest.NewLogbook()
	ended := make(chan error, 1)
	go func() {
		cfg := config{addr: addr, timeout: nettest.Limit, connect: nettest.Limit}
		ended <- run(t.Context(), cfg, nettest.Logger(log), io.Discard)
	}()
	line := log.Wait(t, "Not connected yet, trying for 20s", 1)[0]
	if line["why"] != nobodyListens(addr) {
		t.Errorf("it says %v", line)
	}
	if ln, err = net.Listen("tcp", addr); err != nil {
		t.Skipf("somebody else took the port: %v", err)
	}
	defer ln.Close()
	conn, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	says("QUIT\n")(conn.(*net.TCPConn))
	conn.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestTheTimeThatIsOverIsNotTheReason(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close()
	log := nettest.NewLogbook()
	ended := make(chan error, 1)
	go func() {
		_, err := connect(t.Context(), addr, time.Second, nettest.Logger(log))
		ended <- err
	}()
	log.Wait(t, "Not connected yet, trying for 1s", 1)
	if ln, err = net.Listen("tcp", addr); err != nil {
		t.Skipf("somebody else took the port: %v", err)
	}
	defer ln.Close()
	nettest.FullOn(t, ln) // the next try gets no answer
	if err := <-ended; err == nil || err.Error() != "cannot connect: "+nobodyListens(addr) {
		t.Errorf("it says %v", err)
	}
}

func TestNobodyAnswers(t *testing.T) {
	got := result(t, t.Context(), config{addr: nettest.Full(t), connect: 300 * time.Millisecond})
	if coded := (*boot.ExitError)(nil); !errors.As(got.err, &coded) || coded.Code != exitUnconnected ||
		!strings.HasPrefix(got.err.Error(), "cannot connect: 127.0.0.1 did not answer on port ") {
		t.Errorf("it says %v", got.err)
	}
	if got.log.String() != "" {
		t.Errorf("it tells of tries to come, when there are none:\n%s", got.log)
	}
}

func TestStoppedInTheMiddle(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	addr := nettest.Listen(t, func(conn *net.TCPConn) {
		conn.Read(make([]byte, 1)) // it has connected, and waits
		stop()
		io.Copy(io.Discard, conn)
	})
	if got := result(t, ctx, config{addr: addr}); !errors.Is(got.err, errStopped) {
		t.Errorf("it says %v", got.err)
	}
	got := result(t, ctx, config{addr: "127.0.0.1:1"})
	if !errors.Is(got.err, errStopped) || got.log.String() != "" {
		t.Errorf("while connecting it says %v; the log:\n%s", got.err, got.log)
	}
}
