package nettest

import (
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
)

// A Server is a server program as its own TestMain can start it (see Main), and
// what its protocol looks like to somebody who says a word.
type Server struct {
	// Name is the program's, AddrVar the variable that says where it
	// listens, Modes each way to run it, as NAME=value, the default first.
	Name, AddrVar string
	Modes         []string
	// Greet takes what it says to one who connects; nil: it says nothing.
	Greet func(c *Client)
	// Goodbye is what it says to one who is silent while it shuts down.
	Goodbye string
	// Say and Answer are what a client sends for a word, and what it hears.
	Say, Answer func(word string) string
}

// TestProgram tests what every server of the lab must do as a process,
// whatever its protocol: signals, ports, health, too few descriptors.
func (s Server) TestProgram(t *testing.T) {
	t.Run("SIGTERM with 50 clients connected", s.testSIGTERM)
	t.Run("a second signal ends at once", s.testSecondSignal)
	t.Run("a port that is taken", s.testPortTaken)
	t.Run("a health check", s.testHealthy)
	t.Run("a health check of a sick server", s.testSick)
	t.Run("more clients than open files", s.testFewFiles)
}

// Start starts the program with env, on a port of its own, and waits until it
// listens.
func (s Server) Start(t testing.TB, env []string, wrap ...string) *Process {
	t.Helper()
	p := Start(t, append(env, s.AddrVar+"=127.0.0.1:0"), nil, wrap...)
	p.WaitListening()
	return p
}

// dial connects and hears the greeting.
func (s Server) dial(t testing.TB, addr string) *Client {
	t.Helper()
	c := Dial(t, addr)
	s.greet(c)
	return c
}

func (s Server) greet(c *Client) {
	c.t.Helper()
	if s.Greet != nil {
		s.Greet(c)
	}
}

// talk says word and hears the answer.
func (s Server) talk(c *Client, word string) {
	c.t.Helper()
	c.Send(s.Say(word))
	c.Expect(s.Answer(word))
}

func (s Server) testSIGTERM(t *testing.T) {
	server := s.Start(t, []string{"SHUTDOWN_GRACE=5s"})
	clients := make([]*Client, 50)
	for i := range clients {
		clients[i] = s.dial(t, server.Addr)
		s.talk(clients[i], "before")
	}
	server.Signal(syscall.SIGTERM)
	server.Log.Wait(t, "Shutting down", 1)
	// They have the grace to finish: what is said now is still answered.
	for i, client := range clients {
		s.talk(client, fmt.Sprintf("client %d is not done", i))
	}
	for _, client := range clients {
		client.Expect(s.Goodbye)
		client.ExpectEnd()
		client.CloseWrite()
	}
	if code := server.Wait(); code != 0 {
		t.Errorf("exit code %d; the log:\n%s", code, server.Log)
	}
	if ends := server.Log.All("Client disconnected"); len(ends) != len(clients) {
		t.Errorf("%d of %d ends are in the log", len(ends), len(clients))
	}
}

func (s Server) testSecondSignal(t *testing.T) {
	server := s.Start(t, []string{"SHUTDOWN_GRACE=1h"})
	s.talk(s.dial(t, server.Addr), "hello")
	server.Signal(syscall.SIGTERM)
	server.Log.Wait(t, "Shutting down", 1)
	server.Signal(syscall.SIGTERM)
	if code := server.Wait(); code != 128+int(syscall.SIGTERM) {
		t.Errorf("exit code %d", code)
	}
}

func (s Server) testPortTaken(t *testing.T) {
	first := s.Start(t, nil)
	second := Start(t, []string{s.AddrVar + "=" + first.Addr}, nil)
	if code := second.Wait(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if log := second.Log.String(); !strings.Contains(log, "the port is taken by "+s.Name) {
		t.Errorf("it does not say who has the port:\n%s", log)
	}
}

func (s Server) testHealthy(t *testing.T) {
	for _, mode := range s.Modes {
		t.Run(mode, func(t *testing.T) {
			server := s.Start(t, []string{mode})
			check := Start(t, []string{mode, s.AddrVar + "=" + server.Addr}, []string{"-healthcheck"})
			if code := check.Wait(); code != 0 {
				t.Errorf("exit code %d: %s", code, check.Log)
			}
			if lines := server.Log.All("Client connected"); len(lines) != 0 {
				t.Errorf("the check is in the log: %v", lines)
			}
		})
	}
}

func (s Server) testSick(t *testing.T) {
	absent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	absent.Close()
	sick := Listen(t, func(conn *net.TCPConn) {
		conn.Write([]byte("I am another kind of server\n"))
	})
	for name, addr := range map[string]string{"wrong answer": sick, "absent": absent.Addr().String()} {
		t.Run(name, func(t *testing.T) {
			check := Start(t, []string{s.AddrVar + "=" + addr}, []string{"-healthcheck"})
			if code := check.Wait(); code != 1 {
				t.Errorf("exit code %d: %s", code, check.Log)
			}
		})
	}
}

// With 64 open files and 100 clients some must wait in the backlog. The server
// must serve those it has, take the others as room comes, and not spin.
func (s Server) testFewFiles(t *testing.T) {
	server := s.Start(t, nil, "sh", "-c", `ulimit -n 64; exec "$0" "$@"`)
	clients := make([]*Client, 100)
	for i := range clients {
		clients[i] = Dial(t, server.Addr)
	}
	server.Log.Wait(t, "Cannot accept clients; they wait in the backlog", 1)
	for i, client := range clients {
		s.greet(client)
		s.talk(client, fmt.Sprintf("hello, I am %d", i))
		client.CloseWrite()
		client.ExpectEnd()
	}
	again := server.Log.Wait(t, "Accepting clients again", 1)[0]
	if tries := again["tries"].(float64); tries > 1000 {
		t.Errorf("it tried %v times: that is no back-off", tries)
	}
	server.Signal(syscall.SIGTERM)
	if code := server.Wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
