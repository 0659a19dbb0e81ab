package main

import (
	"bytes"
	"io"
	"runtime"
	"strings"
	"testing"

	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// start serves one wire and returns its address.
func start(t *testing.T, wire string) string {
	t.Helper()
	return nettest.Serve(t, &netserver.Server{Handler: handlerFor(wire)}).Addr
}

// dial connects and takes the greeting.
func dial(t *testing.T, addr string) *nettest.Client {
	t.Helper()
	client := nettest.Dial(t, addr)
	client.Expect("Hello from the server!\n")
	return client
}

// everyWire runs test for both wires. end is what stands behind QUIT there.
func everyWire(t *testing.T, test func(t *testing.T, addr, end string)) {
	for wire, end := range map[string]string{lines: "\n", raw: ""} {
		t.Run(wire, func(t *testing.T) { test(t, start(t, wire), end) })
	}
}

// A test says by UPPER-n which clause it is about.
func TestEveryClauseHasATest(t *testing.T) {
	nettest.EveryClause(t, "../../lab-guide/protocols/upper.md", "UPPER")
}

// UPPER-1
func TestTheServerGreetsFirst(t *testing.T) {
	everyWire(t, func(t *testing.T, addr, end string) {
		alice := nettest.Dial(t, addr)
		alice.Expect("Hello from the server!\n") // nothing has been said
		bob := nettest.Dial(t, addr)
		bob.Send("hello\n") // before the greeting has been read
		bob.Expect("Hello from the server!\nHELLO\nQUIT" + end)
	})
}

// UPPER-2
func TestCapitalsAreTheFullMapping(t *testing.T) {
	everyWire(t, func(t *testing.T, addr, end string) {
		alice := dial(t, addr)
		for said, want := range map[string]string{
			"hello, WORLD 1!":    "HELLO, WORLD 1!",
			"éàü žšč":            "ÉÀÜ ŽŠČ",
			"straße":             "STRASSE",
			"ŉ ﬃ ﬗ":              "ʼN FFI ՄԽ",
			"ı i":                "I I",
			"\u0390 \u1fb7":      "\u0399\u0308\u0301 \u0391\u0342\u0399",
			"οδός":               "ΟΔΌΣ",
			"\u03b1\u0345\u0301": "\u0391\u0399\u0301", // not reordered
			"ǆ ǅ Ǆ":              "Ǆ Ǆ Ǆ",
			"你好 🙂 e\u0301":       "你好 🙂 E\u0301",
			"plain, then ß":      "PLAIN, THEN SS",
			"\U0001044d 𐐨":       "\U00010425 𐐀",
		} {
			alice.Send(said + "\n")
			alice.Expect(want + "\nQUIT" + end)
		}
	})
}

// UPPER-3
func TestWhatIsNotUTF8BecomesReplacementCharacters(t *testing.T) {
	everyWire(t, func(t *testing.T, addr, end string) {
		alice := dial(t, addr)
		for said, want := range map[string]string{
			"a\xc3b":                "A\uFFFDB",
			"a\xa0b":                "A\uFFFDB",
			"\xe2\x82(":             "\uFFFD(",
			"\xf0\x9f\x98x\xf0":     "\uFFFDX\uFFFD",
			"\xed\xa0\x80":          "\uFFFD\uFFFD\uFFFD", // a surrogate
			"\xc0\xaf":              "\uFFFD\uFFFD",       // longer than need be
			"\xf4\x90\x80\x80":      "\uFFFD\uFFFD\uFFFD\uFFFD",
			"\xc3\x9f\xc3 \xc3\xa9": "SS\uFFFD É",
		} {
			alice.Send(said + "\n")
			alice.Expect(want + "\nQUIT" + end)
		}
	})
}

// UPPER-4
func TestWhoStaysAfterQUITIsAnsweredAgain(t *testing.T) {
	everyWire(t, func(t *testing.T, addr, end string) {
		alice := dial(t, addr)
		for range 3 {
			alice.Send("still here\n")
			alice.Expect("STILL HERE\nQUIT" + end)
		}
	})
}

// UPPER-5
func TestAfterTheClientsFINTheRestIsAnswered(t *testing.T) {
	everyWire(t, func(t *testing.T, addr, end string) {
		alice := dial(t, addr)
		alice.Send("the last words\n")
		alice.CloseWrite()
		alice.Expect("THE LAST WORDS\nQUIT" + end)
		alice.ExpectEnd()
	})
}

func TestOneWhoSaysNothingIsLetGo(t *testing.T) {
	everyWire(t, func(t *testing.T, addr, _ string) {
		alice := dial(t, addr)
		alice.CloseWrite()
		alice.ExpectEnd()
	})
}

// UPPER-6
func TestEachConnectionIsPrivate(t *testing.T) {
	everyWire(t, func(t *testing.T, addr, end string) {
		alice, bob, carol := dial(t, addr), dial(t, addr), dial(t, addr)
		alice.Send("for alice\n")
		bob.Send("for bob\n")
		bob.Expect("FOR BOB\nQUIT" + end)
		alice.Expect("FOR ALICE\nQUIT" + end)
		bob.CloseWrite()
		bob.ExpectEnd()
		carol.Send("half a ")
		carol.Reset()
		alice.Send("still here\n")
		alice.Expect("STILL HERE\nQUIT" + end)
	})
}

// UPPER-6
func TestASlowReaderGetsEverythingAndHoldsUpNobody(t *testing.T) {
	// More than the buffers of both kernels hold: the server's write must
	// wait for the slow reader.
	const count = 1 << 18
	line := strings.Repeat("0123456789abcdef", 4)
	addr := start(t, lines)
	slow, bob := dial(t, addr), dial(t, addr)
	sent := make(chan error, 1)
	go func() {
		_, err := io.WriteString(slow.Conn, strings.Repeat(line+"\n", count))
		sent <- err
	}()
	for range 100 {
		bob.Send("tick\n")
		bob.Expect("TICK\nQUIT\n")
	}
	select {
	case err := <-sent:
		t.Fatalf("all was taken although nothing was read (%v)", err)
	default:
	}
	slow.Expect(strings.Repeat(strings.ToUpper(line)+"\nQUIT\n", count))
	if err := <-sent; err != nil {
		t.Error(err)
	}
}

// UPPER-7
func TestAFullServer(t *testing.T) {
	server := &netserver.Server{Handler: handlerFor(lines), Limits: netserver.Limits{MaxConns: 1}}
	addr := nettest.Serve(t, server).Addr
	dial(t, addr)
	bob := nettest.Dial(t, addr)
	bob.Expect("! server full, try again later\n")
	bob.ExpectEnd()
}

// UPPER-8
func TestEachLineHasItsAnswerHoweverTheBytesAreCut(t *testing.T) {
	alice := dial(t, start(t, lines))
	alice.Send("one\ntwo\nthree\n") // three lines in one write
	alice.Expect("ONE\nQUIT\nTWO\nQUIT\nTHREE\nQUIT\n")
	for _, b := range []byte("é ß\n") { // a line in six
		alice.Send(string([]byte{b}))
	}
	alice.Expect("É SS\nQUIT\n")
	alice.Send("not yet")
	alice.Send(" but now\nand")
	alice.Expect("NOT YET BUT NOW\nQUIT\n")
	alice.Send(" then\n")
	alice.Expect("AND THEN\nQUIT\n")
}

// UPPER-9
func TestLineEnds(t *testing.T) {
	alice := dial(t, start(t, lines))
	alice.Send("lf\ncrlf\r\ncr nul\r\x00\n\r\na\rb\n")
	alice.Expect("LF\nQUIT\nCRLF\nQUIT\nCR NUL\nQUIT\n\nQUIT\n\nQUIT\nA\rB\nQUIT\n")
	alice.Send("without an end \xc3")
	alice.CloseWrite()
	alice.Expect("WITHOUT AN END \uFFFD\nQUIT\n")
	alice.ExpectEnd()
}

// UPPER-10
func TestALineThatIsTooLong(t *testing.T) {
	const tooLong = "! line too long, at most 65536 bytes\n"
	alice := dial(t, start(t, lines))
	longest := strings.Repeat("x", 65536)
	alice.Send(longest + "\n")
	alice.Expect(strings.ToUpper(longest) + "\nQUIT\n")
	alice.Send(longest + "x")
	alice.Expect(tooLong) // its end has not come
	alice.Send("xxx\nshort\n")
	alice.Expect("SHORT\nQUIT\n")
	alice.Send(strings.Repeat("x", 1<<20)) // a megabyte without a newline
	alice.Expect(tooLong)
	alice.CloseWrite()
	alice.ExpectEnd()
}

// UPPER-11
func TestTelnetIsNotText(t *testing.T) {
	alice := dial(t, start(t, lines))
	alice.Send("a\x00b\xff\xf1c\xff\xfb\x18d\xff\xfd\x01\n")
	alice.Expect("\xff\xfe\x18\xff\xfc\x01" + "ABCD\nQUIT\n")
	alice.Send("\x1b[31mred\x1b[0m\tx\x7f\n")
	alice.Expect("\x1b[31MRED\x1b[0M\tX\x7f\nQUIT\n")
}

// UPPER-12
func TestAClientThatWantsToLeave(t *testing.T) {
	for name, test := range map[string]struct{ sent, answer string }{
		"Ctrl-C in telnet": {"half a li\xff\xf4\xff\xfd\x06", "\xff\xfc\x06* goodbye\n"},
		"Ctrl-D":           {"\x04", "* goodbye\n"},
	} {
		t.Run(name, func(t *testing.T) {
			alice := dial(t, start(t, lines))
			alice.Send("hello\r\n")
			alice.Expect("HELLO\nQUIT\n")
			alice.Send(test.sent)
			alice.Expect(test.answer)
			alice.ExpectEnd()
		})
	}
}

// UPPER-13
func TestEachChunkIsAnswered(t *testing.T) {
	alice := dial(t, start(t, raw))
	alice.Send("no line end") // and none is waited for
	alice.Expect("NO LINE ENDQUIT")
	alice.Send("\n")
	alice.Expect("\nQUIT")
	alice.Send("one\ntwo\r\n") // one write, one read
	alice.Expect("ONE\nTWO\r\nQUIT")
}

// UPPER-14
func TestACharacterIsPutTogether(t *testing.T) {
	alice := dial(t, start(t, raw))
	alice.Send("caf\xc3")
	alice.Expect("CAFQUIT")
	alice.Send("\xa9 \xf0\x9f")
	alice.Expect("É QUIT")
	alice.Send("\x99")
	alice.Expect("QUIT")
	alice.Send("\x82\xe2\x82")
	alice.Expect("🙂QUIT")
	alice.Send("a\xe2\x82")
	alice.Expect("\uFFFDAQUIT")
	alice.CloseWrite()
	alice.Expect("\uFFFD")
	alice.ExpectEnd()
}

// UPPER-15
func TestRawBytesAreAllText(t *testing.T) {
	alice := dial(t, start(t, raw))
	for said, want := range map[string]string{
		"a\x00b\x00\x00":        "A\x00B\x00\x00",
		"\xff\xf4\xff\xfd\x06":  "\uFFFD\uFFFD\uFFFD\uFFFD\x06",
		"\x04":                  "\x04",
		"\x1b[31mred\x1b[0m":    "\x1b[31MRED\x1b[0M",
		"a\rb\nc\r\x00d\r\n":    "A\rB\nC\r\x00D\r\n",
		"\xff\xfd\x01 telnet\n": "\uFFFD\uFFFD\x01 TELNET\n",
	} {
		alice.Send(said)
		alice.Expect(want + "QUIT")
	}
}

// However a megabyte is cut into chunks, with the QUITs taken out it is the
// capitals of it.
func TestAMegabyteWithoutANewline(t *testing.T) {
	data := bytes.Repeat([]byte("é"), 1<<19)
	got := bytes.ReplaceAll(dial(t, start(t, raw)).Stream(data), []byte("QUIT"), nil)
	if want := bytes.Repeat([]byte("É"), 1<<19); !bytes.Equal(got, want) {
		t.Errorf("sent %d bytes, got %d, or others", len(data), len(got))
	}
}

func TestEveryMessageIsLoggedAtDebug(t *testing.T) {
	for _, wire := range []string{lines, raw} {
		t.Run(wire, func(t *testing.T) {
			log := nettest.NewLogbook()
			server := nettest.Serve(t, &netserver.Server{Handler: handlerFor(wire), Log: nettest.Logger(log)})
			alice := dial(t, server.Addr)
			alice.Send("hello\n")
			alice.Expect("HELLO\nQUIT")
			line := log.Wait(t, "Received", 1)[0]
			want := map[string]string{lines: "hello", raw: "hello\n"}[wire]
			if line["data"] != want || line["size"] != float64(len(want)) || line["conn"] != 1.0 {
				t.Errorf("logged as %v", line)
			}
		})
	}
}

// What a long line took is given back before the next one comes.
func TestALongLineLeavesNoMemoryBehind(t *testing.T) {
	const clients = 100
	line := strings.Repeat("x", maxLine)
	addr := start(t, lines)
	before := heap()
	for range clients {
		alice := dial(t, addr)
		alice.Send(line + "\n")
		alice.Expect(strings.ToUpper(line) + "\nQUIT\n")
		alice.Send("short\n") // when this is answered, the long one is forgotten
		alice.Expect("SHORT\nQUIT\n")
	}
	if each := (heap() - before) / clients; each > maxLine/4 {
		t.Errorf("each client holds %d bytes", each)
	}
}

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	runtime.GC() // what a sync.Pool holds goes with the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestAMessageCostsNoAllocation measures client and server together, so the
// client here is a bare read and write of its own buffers.
func TestAMessageCostsNoAllocation(t *testing.T) {
	everyWire(t, func(t *testing.T, addr, end string) {
		for _, text := range []string{"64 bytes, more or less\n", "straße, ﬃ, ŉ\n"} {
			alice := dial(t, addr)
			alice.Send(text)
			upper := map[bool]string{true: "64 BYTES, MORE OR LESS\n", false: "STRASSE, FFI, ʼN\n"}[text[0] == '6']
			alice.Expect(upper + "QUIT" + end)
			message, answer := []byte(text), make([]byte, len(upper)+len("QUIT")+len(end))
			got := testing.AllocsPerRun(2000, func() {
				if _, err := alice.Conn.Write(message); err != nil {
					t.Fatal(err)
				}
				if _, err := io.ReadFull(alice.In, answer); err != nil {
					t.Fatal(err)
				}
			})
			if got != 0 {
				t.Errorf("%v allocations for %q", got, text)
			}
		}
	})
}
