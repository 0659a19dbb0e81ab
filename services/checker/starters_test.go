package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"socketlab/kit/nettest"
)

const startersFolder = "../../lab-guide/starters"

// starters are the programs that learners begin with, and the check that sends
// them on their way.
var starters = []struct{ suite, clause, title string }{
	{"echo", "ECHO-1", "the client speaks first, and hears itself"},
	{"upper", "UPPER-1", "the server greets, and does not wait for the client"},
	{"client", "UPPER-1", "the client hears the greeting, and says something"},
	{"chat", "CHAT-7", "who comes is welcomed, under a guest's name, into the lobby"},
	{"crud", "CRUD-12", "create makes a record, and not twice"},
}

// languages are those in which there is each starter: its folder, and its file.
var languages = []struct{ folder, server, client string }{
	{"go", "main.go", "main.go"},
	{"node", "server.js", "client.js"},
	{"python", "server.py", "client.py"},
}

// eachStarter calls test for each, with the command that runs it: in a copy of
// its folder, where it must work as well.
func eachStarter(t *testing.T, test func(t *testing.T, suite, verdict string, words []string)) {
	for _, starter := range starters {
		for _, language := range languages {
			folder := filepath.Join(starter.suite, language.folder)
			t.Run(folder, func(t *testing.T) {
				copied := filepath.Join(t.TempDir(), "mine")
				if err := os.CopyFS(copied, os.DirFS(filepath.Join(startersFolder, folder))); err != nil {
					t.Fatal(err)
				}
				file := language.server
				if starter.suite == "client" {
					file = language.client
				}
				verdict := fmt.Sprintf("  FAIL  %-8s %s\n", starter.clause, starter.title)
				test(t, starter.suite, verdict, command(t, language.folder, filepath.Join(copied, file)))
			})
		}
	}
}

// command returns the words that run file. A program in Go is built first.
func command(t *testing.T, language, file string) []string {
	t.Helper()
	switch language {
	case "node":
		return []string{node(t), file}
	case "python":
		return []string{interpreter(t, "python3"), file}
	}
	build := exec.Command("go", "build", "-o", "program", filepath.Base(file))
	build.Dir = filepath.Dir(file)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return []string{filepath.Join(build.Dir, "program")}
}

// startServer starts a server that says its port in a line, as the starters and
// the answers do.
func startServer(t *testing.T, words ...string) *nettest.Process {
	t.Helper()
	server := nettest.Run(t, exec.Command(words[0], words[1:]...))
	server.Addr = "127.0.0.1:" + server.Log.WaitLine(t, "Listening on port ")
	return server
}

// An untouched starter fails at the first check, because it says nothing yet.
func TestStartersFailAtTheFirstCheck(t *testing.T) {
	eachStarter(t, func(t *testing.T, suite, verdict string, words []string) {
		code, said := 1, ""
		if suite == "client" {
			said, _ = checkClient(t, words...)
		} else {
			server := startServer(t, append(words, "0")...)
			code, said = checker(t, suite, "--timeout", "500ms", "--target", server.Addr)
		}
		_, after, found := strings.Cut(said, verdict)
		if code != 1 || !found || strings.Contains(said, "  ok ") || strings.Contains(after, "  FAIL ") ||
			!strings.Contains(after, ", and nothing came.\n") {
			t.Errorf("exit code %d, want 1; it does not begin with %q:\n%s", code, verdict, said)
		}
	})
}

// What a learner does with a starter besides: to start it twice, and to press
// Ctrl-C. Neither may show more than a line.
func TestStartersEndInGoodOrder(t *testing.T) {
	// A shell lets what it runs in the background ignore SIGINT, and so would
	// what the tests start. What is caught here is not ignored there.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, syscall.SIGINT)
	t.Cleanup(func() { signal.Stop(caught) })
	eachStarter(t, func(t *testing.T, suite, _ string, words []string) {
		if suite == "client" {
			port := portOf(absent(t))
			client := nettest.Run(t, exec.Command(words[0], append(words[1:], "127.0.0.1", port)...))
			if code := client.Wait(); code != 1 || !isOneLine(client.Log, port) {
				t.Errorf("nobody there: exit code %d\n%s", code, client.Log)
			}
			return
		}
		server := startServer(t, append(words, "0")...)
		second := nettest.Run(t, exec.Command(words[0], append(words[1:], portOf(server.Addr))...))
		if code := second.Wait(); code != 1 || !isOneLine(second.Log, "address already in use") {
			t.Errorf("a port that is taken: exit code %d\n%s", code, second.Log)
		}
		alice := nettest.Dial(t, server.Addr)
		alice.Send("hello\n")
		server.Log.WaitLine(t, alice.Conn.LocalAddr().String()+" sent 6 bytes")
		server.Signal(syscall.SIGINT)
		if code := server.Wait(); code != -1 || strings.Count(server.Log.String(), "\n") != 3 {
			t.Errorf("Ctrl-C: exit code %d\n%s", code, server.Log)
		}
	})
}

func portOf(addr string) string {
	_, port, _ := net.SplitHostPort(addr)
	return port
}

func isOneLine(log *nettest.Logbook, part string) bool {
	return strings.Count(log.String(), "\n") == 1 && strings.Contains(strings.ToLower(log.String()), part)
}

// Each starter has its file and three lines that say what it is, and nothing
// else; and there is none that is not tested.
func TestStartersAreWhole(t *testing.T) {
	var want []string
	for _, starter := range starters {
		for _, language := range languages {
			file := language.server
			if starter.suite == "client" {
				file = language.client
			}
			folder := filepath.Join(startersFolder, starter.suite, language.folder)
			want = append(want, filepath.Join(folder, "README.md"), filepath.Join(folder, file))
		}
	}
	found, err := filepath.Glob(filepath.Join(startersFolder, "*/*/*"))
	if err != nil {
		t.Fatal(err)
	}
	found = slices.DeleteFunc(found, func(file string) bool { return strings.HasPrefix(file, answersFolder) })
	slices.Sort(want)
	slices.Sort(found)
	if !slices.Equal(found, want) {
		t.Errorf("there is  %q\nand should be %q", found, want)
	}
	for _, file := range found {
		if filepath.Base(file) != "README.md" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
		}
		if lines := strings.Count(string(text), "\n"); lines != 3 {
			t.Errorf("%s has %d lines, and should have 3", file, lines)
		}
	}
}
