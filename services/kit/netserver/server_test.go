package netserver_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"

	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// echo is the smallest handler with a read and a write.
func echo(_ context.Context, conn *netserver.Conn) error {
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return err
		}
		if _, err := conn.Write(buf[:n]); err != nil {
			return err
		}
	}
}

// start serves handler and returns the server with its log.
func start(t *testing.T, handler netserver.Handler, limits netserver.Limits) (*nettest.Running, *nettest.Logbook) {
	t.Helper()
	log := nettest.NewLogbook()
	server := &netserver.Server{Handler: handler, Limits: limits, Log: nettest.Logger(log)}
	return nettest.Serve(t, server), log
}

func TestAConnectionIsLoggedAtItsStartAndEnd(t *testing.T) {
	server, log := start(t, echo, netserver.Limits{})

	alice := nettest.Dial(t, server.Addr)
	alice.Send("hello")
	alice.Expect("hello")
	alice.CloseWrite()
	alice.ExpectEnd()

	begin := log.Wait(t, "Client connected", 1)[0]
	end := log.Wait(t, "Client disconnected", 1)[0]
	want := nettest.Entry{
		"conn": 1.0, "peer": alice.Conn.LocalAddr().String(),
		"in": 5.0, "out": 5.0, "why": "client closed", "level": "info",
	}
	for field, value := range want {
		if end[field] != value {
			t.Errorf("end: %s is %v, want %v", field, end[field], value)
		}
	}
	if begin["conn"] != want["conn"] || begin["peer"] != want["peer"] {
		t.Errorf("start: %v", begin)
	}
	if _, there := end["took"]; !there {
		t.Error("end: took is missing")
	}
}

func TestAQuietPeerIsLoggedAtTraceAndNotNumbered(t *testing.T) {
	log := nettest.NewLogbook()
	first := true
	server := nettest.Serve(t, &netserver.Server{
		Handler: echo,
		Log:     nettest.Logger(log),
		Quiet: func(net.Addr) bool {
			defer func() { first = false }()
			return first
		},
	})
	nettest.Dial(t, server.Addr).CloseWrite()
	check := log.Wait(t, "Client disconnected", 1)[0]
	nettest.Dial(t, server.Addr).CloseWrite()
	alice := log.Wait(t, "Client disconnected", 2)[1]
	if check["level"] != "trace" || check["conn"] != 0.0 {
		t.Errorf("the quiet one: %v", check)
	}
	if alice["level"] != "info" || alice["conn"] != 1.0 {
		t.Errorf("the next: %v", alice)
	}
}

func TestAPanicEndsItsConnectionAndNoOther(t *testing.T) {
	server, log := start(t, func(ctx context.Context, conn *netserver.Conn) error {
		if conn.ID() == 2 {
			panic("oh no")
		}
		return echo(ctx, conn)
	}, netserver.Limits{})

	alice := nettest.Dial(t, server.Addr)
	alice.Send("one")
	alice.Expect("one")
	bob := nettest.Dial(t, server.Addr)
	bob.ExpectEnd()
	bob.CloseWrite()
	alice.Send("two")
	alice.Expect("two")

	end := log.Wait(t, "Client disconnected", 1)[0]
	if end["why"] != "panic: oh no" || end["level"] != "warning" {
		t.Errorf("logged as %v", end)
	}
	if !strings.Contains(log.String(), "server_test.go") {
		t.Error("the log does not show where it panicked")
	}
}

func TestAServerWithOnlyAHandlerWorks(t *testing.T) {
	server := nettest.Serve(t, &netserver.Server{Handler: echo})
	alice := nettest.Dial(t, server.Addr)
	alice.Send("hello")
	alice.Expect("hello")
}

func TestOneTooManyGetsALineAndIsClosed(t *testing.T) {
	server, log := start(t, echo, netserver.Limits{MaxConns: 1})

	alice := nettest.Dial(t, server.Addr)
	alice.Send("in")
	alice.Expect("in")
	for range 3 {
		bob := nettest.Dial(t, server.Addr)
		bob.Send("I speak before I listen")
		bob.Expect("! server full, try again later\n")
		bob.ExpectEnd()
	}
	alice.CloseWrite()
	alice.ExpectEnd()
	log.Wait(t, "Client disconnected", 1)
	carol := nettest.Dial(t, server.Addr)
	carol.Send("room again")
	carol.Expect("room again")
	if lines := log.All("Server full: new clients are refused"); len(lines) != 1 {
		t.Errorf("%d log lines for one time of being full", len(lines))
	}
}

// flaky is a listener whose first Accepts fail.
type flaky struct {
	net.Listener
	failures []error
}

func (f *flaky) Accept() (net.Conn, error) {
	if len(f.failures) > 0 {
		err := f.failures[0]
		f.failures = f.failures[1:]
		return nil, &net.OpError{Op: "accept", Err: err}
	}
	return f.Listener.Accept()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

func TestAcceptErrorsThatPassAreWaitedForAndLoggedOnce(t *testing.T) {
	log := nettest.NewLogbook()
	ln := &flaky{listen(t), []error{syscall.EMFILE, syscall.ENFILE, syscall.ECONNABORTED}}
	server := nettest.ServeOn(t, &netserver.Server{Handler: echo, Log: nettest.Logger(log)}, ln)

	alice := nettest.Dial(t, server.Addr)
	alice.Send("hello")
	alice.Expect("hello")

	if lines := log.All("Cannot accept clients; they wait in the backlog"); len(lines) != 1 {
		t.Errorf("%d lines for three failures in a row", len(lines))
	}
	if again := log.Wait(t, "Accepting clients again", 1)[0]; again["tries"] != 3.0 {
		t.Errorf("recovery: %v", again)
	}
}

func TestAnAcceptErrorThatStaysEndsServe(t *testing.T) {
	broken := errors.New("the listener is broken")
	ln := &flaky{listen(t), []error{broken}}
	server := &netserver.Server{Handler: echo}
	if err := server.Serve(t.Context(), ln); !errors.Is(err, broken) {
		t.Errorf("Serve returned %v", err)
	}
}

func TestListenSaysWhoHasThePort(t *testing.T) {
	ln := listen(t)
	defer ln.Close()
	_, err := netserver.Listen(t.Context(), ln.Addr().String())
	if !errors.Is(err, syscall.EADDRINUSE) {
		t.Fatalf("got %v", err)
	}
	if !strings.Contains(err.Error(), "netserver.test (process ") {
		t.Errorf("does not name this process: %v", err)
	}
}

func TestIOCopyToAnythingElseThanAConn(t *testing.T) {
	var got strings.Builder
	done := make(chan struct{})
	server, _ := start(t, func(_ context.Context, conn *netserver.Conn) error {
		defer close(done)
		_, err := io.Copy(&got, conn)
		return err
	}, netserver.Limits{})
	alice := nettest.Dial(t, server.Addr)
	alice.Send("to a builder")
	alice.CloseWrite()
	<-done
	if got.String() != "to a builder" {
		t.Errorf("copied %q", got.String())
	}
}
