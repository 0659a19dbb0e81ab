package main

import (
	"bytes"
	"flag"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"socketlab/kit/nettest"
)

// The lab's servers are modules of their own, and main packages: a test cannot
// import their handlers. So it builds the programs and starts them.

var (
	// runs repeats each suite: `go test -run Lab -runs 100`.
	runs = flag.Int("runs", 2, "how often to run each suite on the lab's servers")
	// pace slows the slow servers down: `go test -run Slow -pace 1 -parallel 20`.
	pace = flag.Int("pace", 50, "the slow servers are so many times as fast as they should be")
)

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

// labs are the suites, with the server of the lab that passes each, and its
// settings.
var labs = []struct {
	suite, server string
	env           []string
}{
	{"echo", "echo-server", []string{"ECHO_MODE=manual"}},
	{"echo", "echo-server", []string{"ECHO_MODE=pipe"}},
	{"upper", "upper-server", []string{"UPPER_WIRE=lines"}},
	{"upper-raw", "upper-server", []string{"UPPER_WIRE=raw"}},
	{"chat", "chat-server", nil},
	{"channels", "chat-server", nil},
	{"accounts", "chat-server", nil},
	{"crud", "crud-server", nil},
}

// eachLab calls test for each row of labs, with the address of its server.
func eachLab(t *testing.T, test func(t *testing.T, suite, addr string)) {
	programs := map[string]string{}
	for _, lab := range labs {
		if programs[lab.server] == "" {
			programs[lab.server] = build(t, lab.server)
		}
		t.Run(strings.Join(append([]string{lab.suite}, lab.env...), " "), func(t *testing.T) {
			kind := strings.ToUpper(strings.TrimSuffix(lab.server, "-server"))
			env := append([]string{kind + "_ADDR=127.0.0.1:0"}, lab.env...)
			server := nettest.StartProgram(t, programs[lab.server], env, nil)
			server.WaitListening()
			test(t, lab.suite, server.Addr)
		})
	}
}

// checker runs the checker and returns its exit code and what it has said.
func checker(t *testing.T, arguments ...string) (code int, said string) {
	t.Helper()
	var out bytes.Buffer
	code = run(t.Context(), arguments, console{out: &out, notes: &out})
	return code, out.String()
}

func TestTheLabPasses(t *testing.T) {
	eachLab(t, func(t *testing.T, suite, addr string) {
		t.Parallel() // most of the time they wait
		passes(t, *runs, suite, "--target", addr)
	})
}

// passes runs the checker so many times, and counts.
func passes(t *testing.T, times int, arguments ...string) {
	t.Helper()
	began, failed := time.Now(), 0
	for i := range times {
		if code, said := checker(t, arguments...); code != exitPassed {
			failed++
			t.Errorf("run %d: exit code %d\n%s", i+1, code, said)
		}
	}
	t.Logf("runs: %d, failed: %d, took %v", times, failed, time.Since(began).Round(time.Millisecond))
}

// A server that is slow, but right, passes: what it says comes a byte at a time,
// 50 ms apart, and begins 300 ms late.
func TestTheLabBehindASlowLinePasses(t *testing.T) {
	t.Parallel()
	eachLab(t, func(t *testing.T, suite, addr string) {
		t.Parallel() // they wait
		passes(t, 1, suite, "--target", slowLine(t, addr))
	})
}

// slowLine returns an address that leads to the server at addr. What that says
// arrives a byte at a time, 50 ms apart, and begins 300 ms late; or the flag pace
// times as fast.
func slowLine(t *testing.T, addr string) string {
	t.Helper()
	between, late := 50*time.Millisecond/time.Duration(*pace), 300*time.Millisecond/time.Duration(*pace)
	return nettest.Listen(t, func(client *net.TCPConn) {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return // the client finds its connection closed
		}
		server := conn.(*net.TCPConn)
		defer server.Close()
		go func() {
			if _, err := io.Copy(server, client); err != nil {
				server.SetLinger(0) // a RST is passed on as a RST
				server.Close()
				return
			}
			server.CloseWrite()
		}()
		drip(client, server, between, late)
	})
}

// drip copies byte by byte. These are the pauses of a slow server, not waits for
// something to happen.
func drip(to io.Writer, from io.Reader, between, late time.Duration) {
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		time.Sleep(late)
		for i := range n {
			time.Sleep(between)
			if _, err := to.Write(buf[i : i+1]); err != nil {
				return
			}
		}
	}
}
