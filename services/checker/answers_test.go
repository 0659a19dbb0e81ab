package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"socketlab/kit/nettest"
)

const answersFolder = startersFolder + "/answers"

// The answers are in another language than the lab's own programs, and were
// written for its protocols: so the suites are about protocols, not about Go.
func TestTheAnswersPass(t *testing.T) {
	for _, answer := range []struct {
		file   string
		suites []string
	}{
		{"echo.js", []string{"echo"}},
		{"upper.js", []string{"upper"}},
		// To hash a password is slow on purpose, and while all tests run
		// at once it may take more than the 5 s of the suite.
		{"chat.js", []string{"chat", "channels", "accounts --timeout 20s"}},
	} {
		t.Run(answer.file, func(t *testing.T) {
			server := startAnswer(t, answer.file, filepath.Join(t.TempDir(), "accounts"))
			for _, suite := range answer.suites {
				for i := range *runs {
					if code, said := checker(t, append(strings.Fields(suite), "--target", server.Addr)...); code != 0 {
						t.Fatalf("run %d: exit code %d\n%s", i+1, code, said)
					}
				}
			}
		})
	}
	t.Run("client.js", func(t *testing.T) {
		for i := range *runs {
			if said, passed := checkClient(t, node(t), answersFolder+"/client.js"); !passed {
				t.Fatalf("run %d:\n%s", i+1, said)
			}
		}
	})
}

// startAnswer starts a server; only the chat looks at accounts.
func startAnswer(t *testing.T, file, accounts string) *nettest.Process {
	t.Helper()
	return startServer(t, node(t), filepath.Join(answersFolder, file), "0", accounts)
}

// The chat has an account on the disk before it says so; and what a crash has
// left of another one, half a line, is not in its way.
func TestTheAnswersAccountsSurviveAKill(t *testing.T) {
	accounts := filepath.Join(t.TempDir(), "accounts")
	server := startAnswer(t, "chat.js", accounts)
	alice := enterChat(t, server.Addr)
	alice.Send("/register Alice correct-horse\n")
	alice.Expect("* registered Alice\n* you are now Alice\n")
	server.Signal(syscall.SIGKILL)
	server.Wait()
	file, err := os.OpenFile(accounts, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(file, `{"key":"bob","na`)
	file.Close()

	for i := range 2 {
		server = startAnswer(t, "chat.js", accounts)
		bob := enterChat(t, server.Addr)
		bob.Send("/nick alice\n")
		bob.Expect("! registered alice belongs to somebody; if that is you: /login alice PASSWORD\n")
		bob.Send("/login alice correct-horse\n")
		bob.Expect("* logged in as Alice\n* you are now Alice\n")
		bob.Send(fmt.Sprintf("/register Bob-%d battery-staple\n", i))
		bob.Expect(fmt.Sprintf("* registered Bob-%d\n* you are now Bob-%d\n", i, i))
		server.Signal(syscall.SIGTERM)
		bob.Expect("* the server is shutting down\n")
		bob.ExpectEnd()
		bob.CloseWrite()
		if code := server.Wait(); code != 0 {
			t.Errorf("exit code %d\n%s", code, server.Log)
		}
	}
}

// enterChat connects to a chat in which nobody has been before.
func enterChat(t *testing.T, addr string) *nettest.Client {
	t.Helper()
	c := nettest.Dial(t, addr)
	c.Expect("* welcome, you are guest-1; /help lists the commands\n* you joined #lobby, 1 here\n")
	return c
}
