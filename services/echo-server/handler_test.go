package main

import (
	"bytes"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// start serves one mode and returns its address.
func start(t testing.TB, mode string) string {
	t.Helper()
	return nettest.Serve(t, &netserver.Server{Handler: handlerFor(mode)}).Addr
}

// everyMode runs test for the modes that send each byte back once.
func everyMode(t *testing.T, test func(t *testing.T, addr string)) {
	for _, mode := range []string{manual, pipe} {
		t.Run(mode, func(t *testing.T) { test(t, start(t, mode)) })
	}
}

func TestWhatIsSentComesBack(t *testing.T) {
	everyMode(t, func(t *testing.T, addr string) {
		alice := nettest.Dial(t, addr)
		alice.Send("hello\n")
		alice.Expect("hello\n")
		alice.Send("is it") // no line end is waited for
		alice.Expect("is it")
		alice.Send(" you?\r\n")
		alice.Expect(" you?\r\n")
	})
}

func TestEachConnectionIsPrivate(t *testing.T) {
	everyMode(t, func(t *testing.T, addr string) {
		alice, bob := nettest.Dial(t, addr), nettest.Dial(t, addr)
		alice.Send("for alice")
		bob.Send("for bob")
		bob.Expect("for bob")
		alice.Expect("for alice")
		bob.CloseWrite()
		bob.ExpectEnd()
		alice.Send("still here")
		alice.Expect("still here")
	})
}

func TestBothSendsEverythingTwice(t *testing.T) {
	alice := nettest.Dial(t, start(t, both))
	alice.Send("hello\n")
	alice.Expect("hello\nhello\n")
	alice.CloseWrite()
	alice.ExpectEnd()
}

func TestAfterTheClientsFINTheRestIsSent(t *testing.T) {
	everyMode(t, func(t *testing.T, addr string) {
		alice := nettest.Dial(t, addr)
		alice.Send("the last words")
		alice.CloseWrite()
		alice.Expect("the last words")
		alice.ExpectEnd()
	})
}

func TestBytesThatAreNotTextComeBackUnchanged(t *testing.T) {
	tests := map[string]string{
		"NUL":            "a\x00b\x00\x00",
		"telnet Ctrl-C":  "\xff\xf4\xff\xfd\x06",
		"telnet Ctrl-D":  "\x04",
		"not UTF-8":      "\xc3\x28\xa0\xff",
		"escape":         "\x1b[31mred\x1b[0m",
		"CR, LF, CR NUL": "a\rb\nc\r\x00d\r\n",
	}
	everyMode(t, func(t *testing.T, addr string) {
		for name, bytes := range tests {
			t.Run(name, func(t *testing.T) {
				alice := nettest.Dial(t, addr)
				alice.Send(bytes)
				alice.Expect(bytes)
			})
		}
	})
}

func TestAMegabyteWithoutANewline(t *testing.T) {
	everyMode(t, func(t *testing.T, addr string) {
		data := bytes.Repeat([]byte("x"), 1<<20)
		if got := nettest.Dial(t, addr).Stream(data); !bytes.Equal(got, data) {
			t.Errorf("sent %d bytes, got %d, or others", len(data), len(got))
		}
	})
}

func TestRandomBytesComeBackInOrder(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	data := make([]byte, 5<<20)
	random := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(seed >> 16), byte(seed >> 24)})
	random.Read(data)
	everyMode(t, func(t *testing.T, addr string) {
		if got := nettest.Dial(t, addr).Stream(data); !bytes.Equal(got, data) {
			t.Errorf("sent %d bytes, got %d, or others", len(data), len(got))
		}
	})
}

func TestASlowReaderGetsEverythingAndHoldsUpNobody(t *testing.T) {
	everyMode(t, func(t *testing.T, addr string) {
		// More than the buffers of both kernels hold: the server's
		// write must wait for the slow reader.
		data := strings.Repeat("0123456789abcdef", 1<<20)
		slow, bob := nettest.Dial(t, addr), nettest.Dial(t, addr)
		sent := make(chan error, 1)
		go func() {
			_, err := io.WriteString(slow.Conn, data)
			sent <- err
		}()
		for range 100 {
			bob.Send("tick")
			bob.Expect("tick")
		}
		select {
		case err := <-sent:
			t.Fatalf("all was taken although nothing was read (%v)", err)
		default:
		}
		slow.Expect(data)
		if err := <-sent; err != nil {
			t.Error(err)
		}
	})
}

func TestEveryMessageIsLoggedAtDebug(t *testing.T) {
	log := nettest.NewLogbook()
	server := nettest.Serve(t, &netserver.Server{Handler: handlerFor(manual), Log: nettest.Logger(log)})
	alice := nettest.Dial(t, server.Addr)
	alice.Send("hello\n")
	alice.Expect("hello\n")
	line := log.Wait(t, "Received", 1)[0]
	if line["data"] != "hello\n" || line["size"] != 6.0 || line["conn"] != 1.0 {
		t.Errorf("logged as %v", line)
	}
}
