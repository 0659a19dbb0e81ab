package main

import (
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"

	"socketlab/kit/nettest"
)

func TestMain(m *testing.M) { nettest.Main(m, main) }

// program starts the program itself, with env, on a port of its own.
func program(t *testing.T, env []string, wrap ...string) *nettest.Process {
	t.Helper()
	p := nettest.Start(t, append(env, "UPPER_ADDR=127.0.0.1:0"), nil, wrap...)
	p.WaitListening()
	return p
}

func TestSIGTERMWith50ClientsConnected(t *testing.T) {
	server := program(t, []string{"SHUTDOWN_GRACE=5s"})
	clients := make([]*nettest.Client, 50)
	for i := range clients {
		clients[i] = dial(t, server.Addr)
		clients[i].Send("before\n")
		clients[i].Expect("BEFORE\nQUIT\n")
	}
	server.Signal(syscall.SIGTERM)
	server.Log.Wait(t, "Shutting down", 1)
	// They have the grace to finish: what is said now is still answered.
	for i, client := range clients {
		client.Send(fmt.Sprintf("client %d is not done\n", i))
		client.Expect(fmt.Sprintf("CLIENT %d IS NOT DONE\nQUIT\n", i))
	}
	for _, client := range clients {
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

func TestASecondSignalEndsAtOnce(t *testing.T) {
	server := program(t, []string{"SHUTDOWN_GRACE=1h"})
	alice := dial(t, server.Addr)
	alice.Send("hello\n")
	alice.Expect("HELLO\nQUIT\n")
	server.Signal(syscall.SIGTERM)
	server.Log.Wait(t, "Shutting down", 1)
	server.Signal(syscall.SIGTERM)
	if code := server.Wait(); code != 128+int(syscall.SIGTERM) {
		t.Errorf("exit code %d", code)
	}
}

func TestAPortThatIsTaken(t *testing.T) {
	first := program(t, nil)
	second := nettest.Start(t, []string{"UPPER_ADDR=" + first.Addr}, nil)
	if code := second.Wait(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if log := second.Log.String(); !strings.Contains(log, "the port is taken by upper-server") {
		t.Errorf("it does not say who has the port:\n%s", log)
	}
}

func TestAWrongWire(t *testing.T) {
	server := nettest.Start(t, []string{"UPPER_WIRE=loud"}, nil)
	if code := server.Wait(); code != 2 {
		t.Errorf("exit code %d", code)
	}
	if log := server.Log.String(); !strings.Contains(log, `UPPER_WIRE="loud" is not allowed: it must be lines or raw`) {
		t.Errorf("it says:\n%s", log)
	}
}

func TestHealthcheck(t *testing.T) {
	for _, wire := range []string{lines, raw} {
		t.Run(wire, func(t *testing.T) {
			server := program(t, []string{"UPPER_WIRE=" + wire})
			check := nettest.Start(t, []string{"UPPER_WIRE=" + wire, "UPPER_ADDR=" + server.Addr}, []string{"-healthcheck"})
			if code := check.Wait(); code != 0 {
				t.Errorf("exit code %d: %s", code, check.Log)
			}
			if lines := server.Log.All("Client connected"); len(lines) != 0 {
				t.Errorf("the check is in the log: %v", lines)
			}
		})
	}
}

func TestHealthcheckOfASickServer(t *testing.T) {
	sick, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			conn, err := sick.Accept()
			if err != nil {
				return
			}
			conn.Write([]byte("I am no upper server\n"))
			conn.(*net.TCPConn).CloseWrite()
		}
	}()
	absent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	absent.Close()
	t.Cleanup(func() { sick.Close() })
	for name, addr := range map[string]string{"wrong answer": sick.Addr().String(), "absent": absent.Addr().String()} {
		t.Run(name, func(t *testing.T) {
			check := nettest.Start(t, []string{"UPPER_ADDR=" + addr}, []string{"-healthcheck"})
			if code := check.Wait(); code != 1 {
				t.Errorf("exit code %d: %s", code, check.Log)
			}
		})
	}
}

// With 64 open files and 100 clients some must wait in the backlog. The server
// must serve those it has, take the others as room comes, and not spin.
func TestMoreClientsThanOpenFiles(t *testing.T) {
	server := program(t, nil, "sh", "-c", `ulimit -n 64; exec "$0" "$@"`)
	clients := make([]*nettest.Client, 100)
	for i := range clients {
		clients[i] = nettest.Dial(t, server.Addr)
	}
	server.Log.Wait(t, "Cannot accept clients; they wait in the backlog", 1)
	for i, client := range clients {
		client.Expect("Hello from the server!\n")
		client.Send(fmt.Sprintf("hello, I am %d\n", i))
		client.Expect(fmt.Sprintf("HELLO, I AM %d\nQUIT\n", i))
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
