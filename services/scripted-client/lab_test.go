package main

import (
	"flag"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"socketlab/kit/nettest"
)

// The lab's servers are modules of their own, and main packages: a test cannot
// import their handlers. So it builds the programs, from the folders beside
// this one, and starts them.

// runs is how often a conversation is repeated: `go test -run Thousands -runs 10000`.
var runs = flag.Int("runs", 300, "how often to repeat a conversation")

// build compiles the lab's program of that name and returns the file.
func build(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name)
	out, err := exec.Command("go", "build", "-C", filepath.Join("..", name), "-o", program, ".").CombinedOutput()
	if err != nil {
		t.Fatalf("building %s: %v\n%s", name, err, out)
	}
	return program
}

// serve starts program with env, on a port of its own, and returns its address.
func serve(t *testing.T, program string, env ...string) string {
	t.Helper()
	kind := strings.TrimSuffix(filepath.Base(program), "-server")
	env = append(env, strings.ToUpper(kind)+"_ADDR=127.0.0.1:0")
	p := nettest.StartProgram(t, program, env, nil)
	p.WaitListening()
	return p.Addr
}

// serverLine is the first line of a talk in lab-guide/talks: which server it is
// for, and with which settings.
var serverLine = regexp.MustCompile(`^# server: ([a-z-]+)((?: [A-Z_]+=\S+)*)\n`)

func TestTheTalksOfTheGuide(t *testing.T) {
	paths, err := filepath.Glob("../../lab-guide/talks/*.talk")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no talks: %v", err)
	}
	programs := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found := serverLine.FindStringSubmatch(string(text))
		if found == nil {
			t.Errorf("%s does not begin with `# server: NAME SETTING=value …`", path)
			continue
		}
		name, settings := found[1], strings.Fields(found[2])
		if programs[name] == "" {
			programs[name] = build(t, name)
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			got := result(t, t.Context(), config{addr: serve(t, programs[name], settings...), script: path})
			if got.err != nil {
				t.Errorf("%v, printed:\n%s", got.err, got.out)
			}
		})
	}
}

// The servers of the lab differ where it matters: a talk for one is not
// fulfilled by another.
func TestATalkWithTheWrongServer(t *testing.T) {
	echo := build(t, "echo-server")
	for _, test := range []struct{ setting, talk string }{
		{"ECHO_MODE=manual", "upper.talk"},
		{"ECHO_MODE=both", "echo.talk"},
		{"ECHO_MODE=both", "one-line.talk"},
	} {
		path := "../../lab-guide/talks/" + test.talk
		if test.talk == "one-line.talk" {
			path = script(t, "> hello\n< hello\n") // the second hello comes after the talk
		}
		cfg := config{addr: serve(t, echo, test.setting), script: path, timeout: 300 * time.Millisecond}
		if got := result(t, t.Context(), cfg); got.err == nil {
			t.Errorf("%s with %s: all is well, it says", test.talk, test.setting)
		}
	}
}

// The client of the original guide hangs about once in 40 conversations with
// the original's server. This one never does, on either wire.
func TestThousandsOfConversations(t *testing.T) {
	upper := build(t, "upper-server")
	for _, wire := range []string{"lines", "raw"} {
		t.Run(wire, func(t *testing.T) {
			addr := serve(t, upper, "UPPER_WIRE="+wire)
			for i := range *runs {
				const want = "Hello from the server!\nHELLO FROM THE CLIENT!\nQUIT\n"
				if got := result(t, t.Context(), config{addr: addr}); got.err != nil || got.out != want {
					t.Fatalf("conversation %d: %v, printed:\n%s", i, got.err, got.out)
				}
			}
			t.Logf("%d conversations", *runs)
		})
	}
}

// sayInPieces cuts text at random places, none of them included. Where it
// yields, the client is likely to read a piece before the next one comes.
func sayInPieces(conn io.Writer, text string, random *rand.Rand) {
	for text != "" {
		n := len(text)
		if random.IntN(4) > 0 {
			n = 1 + random.IntN(n)
		}
		if _, err := io.WriteString(conn, text[:n]); err != nil {
			return // the client has gone, and the test says why
		}
		text = text[n:]
		for range random.IntN(4) {
			runtime.Gosched()
		}
	}
}

// Servers that cut and join what they say at random, with and without line
// ends: the conversation is always the same.
func TestConversationsInPieces(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d, %d conversations", seed, *runs)
	var count atomic.Uint64
	addr := nettest.Listen(t, func(conn *net.TCPConn) {
		random := rand.New(rand.NewPCG(seed, count.Add(1)))
		end := []string{"\n", "\r\n", ""}[random.IntN(3)]
		sticky := []string{"\n", end}[random.IntN(2)]
		answer := "Hello from the server!\nHELLO FROM THE CLIENT!" + sticky + "QUIT" + end
		if random.IntN(2) == 0 { // the greeting has gone out before the hello came
			sayInPieces(conn, answer[:23], random)
			answer = answer[23:]
		}
		if _, err := io.ReadFull(conn, make([]byte, len(hello)+1)); err != nil {
			return
		}
		sayInPieces(conn, answer, random)
		io.Copy(io.Discard, conn)
	})
	for i := range *runs {
		const want = "Hello from the server!\nHELLO FROM THE CLIENT!\nQUIT\n"
		if got := result(t, t.Context(), config{addr: addr}); got.err != nil || got.out != want {
			t.Fatalf("conversation %d: %v, printed:\n%s", i+1, got.err, got.out)
		}
	}
}
