package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"socketlab/kit/nettest"
)

var rounds = flag.Int("rounds", 3, "how often the server is killed")

// CHAT-24: what was answered is on the disk. The process is killed in the
// middle of registrations, again and again, on the same file.
func TestNoRegistrationIsLost(t *testing.T) {
	const at, once = 3, 8
	env := []string{"CHAT_DATA=" + filepath.Join(t.TempDir(), "chat.db"), "CHAT_RATE=0", "CHAT_ADDR=127.0.0.1:0"}
	var answered []string
	for round := range *rounds {
		server := nettest.Start(t, env, nil)
		server.WaitListening()
		names := make(chan string, once*100)
		var registering sync.WaitGroup
		for i := range once {
			registering.Go(func() { register(server.Addr, fmt.Sprintf("r%dc%dn", round, i), names) })
		}
		for range at + rand.IntN(at) {
			answered = append(answered, <-names)
		}
		server.Signal(syscall.SIGKILL)
		server.Wait()
		registering.Wait()
		close(names)
		for name := range names {
			answered = append(answered, name)
		}
	}

	dump := nettest.Start(t, env, []string{"-dump"})
	if code := dump.Wait(); code != 0 {
		t.Fatalf("-dump: exit code %d: %s", code, dump.Log)
	}
	for _, name := range answered {
		if !strings.Contains(dump.Log.String(), `"name":"`+name+`"`) {
			t.Errorf("%s was registered, and is not there", name)
		}
	}
	t.Logf("%d registrations answered, %d kept", len(answered), strings.Count(dump.Log.String(), `"name"`))

	server := nettest.Start(t, env, nil)
	server.WaitListening()
	alice := nettest.Dial(t, server.Addr)
	last := answered[len(answered)-1]
	alice.Send("/login " + last + " password-of-" + last + "\n")
	alice.SkipTo("* logged in as " + last + "\n")
}

// register registers one name after the other and tells of each that was
// answered, until the server is gone.
func register(addr, prefix string, names chan<- string) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(nettest.Limit))
	lines := bufio.NewReader(conn)
	for n := 0; ; n++ {
		name := fmt.Sprintf("%s%d", prefix, n)
		if _, err := io.WriteString(conn, "/register "+name+" password-of-"+name+"\n"); err != nil {
			return
		}
		for line := ""; line != "* registered "+name+"\n"; {
			if line, err = lines.ReadString('\n'); err != nil {
				return
			}
		}
		names <- name
	}
}

func TestTwoServersOnOneFile(t *testing.T) {
	data := "CHAT_DATA=" + filepath.Join(t.TempDir(), "chat.db")
	first := nettest.Start(t, []string{data, "CHAT_ADDR=127.0.0.1:0"}, nil)
	first.WaitListening()
	for _, args := range [][]string{nil, {"-dump"}} {
		second := nettest.Start(t, []string{data, "CHAT_ADDR=127.0.0.1:0"}, args)
		if code := second.Wait(); code != 1 {
			t.Errorf("%v: exit code %d", args, code)
		}
		if log := second.Log.String(); !strings.Contains(log, "chat.db") {
			t.Errorf("%v: it does not say which file:\n%s", args, log)
		}
	}
}
