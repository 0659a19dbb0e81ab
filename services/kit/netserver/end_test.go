package netserver_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// endOf waits for the end of the only connection and returns its why.
func endOf(t *testing.T, log *nettest.Logbook) any {
	t.Helper()
	return log.Wait(t, "Client disconnected", 1)[0]["why"]
}

func TestLastWordsReachAClientThatStillTalks(t *testing.T) {
	server, log := start(t, func(_ context.Context, conn *netserver.Conn) error {
		if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
			return err
		}
		_, err := io.WriteString(conn, "goodbye\n")
		return err // with most of what the client sent unread
	}, netserver.Limits{})

	alice := nettest.Dial(t, server.Addr)
	alice.Send(strings.Repeat("x", 100_000))
	alice.Expect("goodbye\n")
	alice.ExpectEnd() // a plain close would have been a reset
	alice.CloseWrite()
	if why := endOf(t, log); why != "server closed" {
		t.Errorf("why is %v", why)
	}
}

func TestAClientThatVanishesIsAnEndNotAnError(t *testing.T) {
	server, log := start(t, echo, netserver.Limits{})
	alice := nettest.Dial(t, server.Addr)
	alice.Send("x")
	alice.Expect("x")
	alice.Reset()
	if why := endOf(t, log); why != "reset by client" {
		t.Errorf("why is %v", why)
	}
	if level := log.All("Client disconnected")[0]["level"]; level != "info" {
		t.Errorf("level is %v", level)
	}
}

func TestAResetInMidWriteEndsTheHandler(t *testing.T) {
	server, log := start(t, writeForEver, netserver.Limits{})
	alice := nettest.Dial(t, server.Addr)
	alice.Expect("xxxx")
	alice.Reset()
	if why := endOf(t, log); why != "reset by client" {
		t.Errorf("why is %v", why)
	}
}

func writeForEver(_ context.Context, conn *netserver.Conn) error {
	page := []byte(strings.Repeat("x", 4096))
	for {
		if _, err := conn.Write(page); err != nil {
			return err
		}
	}
}

func TestAClientThatNeverReadsCannotHoldTheHandler(t *testing.T) {
	copyBack := func(_ context.Context, conn *netserver.Conn) error {
		_, err := io.Copy(conn, conn)
		return err
	}
	for name, handler := range map[string]netserver.Handler{"write": writeForEver, "io.Copy": copyBack} {
		t.Run(name, func(t *testing.T) {
			log := nettest.NewLogbook()
			server := nettest.Serve(t, &netserver.Server{
				Handler: handler, WriteTimeout: 500 * time.Millisecond, Log: nettest.Logger(log),
			})
			alice := nettest.Dial(t, server.Addr)
			// For io.Copy there must be something to echo. It ends
			// with the connection.
			go io.Copy(alice.Conn, endless{})
			if why := endOf(t, log); why != "client not reading, or gone" && why != "reset by client" {
				t.Errorf("why is %v", why)
			}
		})
	}
}

// endless is a source of bytes.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestASilentClientIsClosedAfterTheIdleTimeout(t *testing.T) {
	handlers := map[string]netserver.Handler{
		"read": echo,
		"io.Copy": func(_ context.Context, conn *netserver.Conn) error {
			_, err := io.Copy(conn, conn)
			return err
		},
		"ReadChunk": echoChunks,
	}
	for name, handler := range handlers {
		t.Run(name, func(t *testing.T) {
			server, log := start(t, handler, netserver.Limits{IdleTimeout: 200 * time.Millisecond})
			alice := nettest.Dial(t, server.Addr)
			alice.Send("x")
			alice.Expect("x")
			alice.ExpectEnd()
			alice.Conn.Close()
			if why := endOf(t, log); why != "idle" {
				t.Errorf("why is %v", why)
			}
		})
	}
}

// echoChunks is echo with buffers that the connection borrows.
func echoChunks(_ context.Context, conn *netserver.Conn) error {
	for {
		chunk, err := conn.ReadChunk()
		if err != nil {
			return err
		}
		if _, err := conn.Write(chunk); err != nil {
			return err
		}
	}
}

func TestAClientThatOnlyListensIsNotIdle(t *testing.T) {
	const timeout = 200 * time.Millisecond
	server, log := start(t, func(ctx context.Context, conn *netserver.Conn) error {
		go func() {
			// Every tick is well within the timeout; together
			// they outlast it by far.
			tick := time.NewTicker(timeout / 10)
			defer tick.Stop()
			for range 30 {
				<-tick.C
				if _, err := io.WriteString(conn, "."); err != nil {
					return
				}
			}
		}()
		return echo(ctx, conn)
	}, netserver.Limits{IdleTimeout: timeout})

	alice := nettest.Dial(t, server.Addr)
	alice.Expect(strings.Repeat(".", 30))
	alice.ExpectEnd()
	alice.Conn.Close()
	if why := endOf(t, log); why != "idle" {
		t.Errorf("why is %v", why)
	}
}

func TestDrainLetsHandlersFinish(t *testing.T) {
	finish := make(chan struct{})
	server, _ := start(t, func(ctx context.Context, conn *netserver.Conn) error {
		<-ctx.Done()
		<-finish
		_, err := io.WriteString(conn, "done\n")
		return err
	}, netserver.Limits{Grace: nettest.Limit})

	alice := nettest.Dial(t, server.Addr)
	alice.Send("work")
	server.BeginStop()
	waitRefused(t, server.Addr)
	close(finish)
	alice.Expect("done\n")
	alice.ExpectEnd()
	alice.Conn.Close()
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
}

// waitRefused returns when addr no longer accepts. Each try is a round trip to
// the kernel, so this is no idle waiting.
func waitRefused(t *testing.T, addr string) {
	t.Helper()
	for until := time.Now().Add(nettest.Limit); time.Now().Before(until); {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		conn.Close()
	}
	t.Fatal("the listener stays open")
}

func TestDrainServesABusyClientAndClosesASilentOne(t *testing.T) {
	server, log := start(t, echo, netserver.Limits{Grace: 5 * time.Second})
	silent := nettest.Dial(t, server.Addr)
	silent.Send("x")
	silent.Expect("x")
	busy := nettest.Dial(t, server.Addr)
	busy.Send("x")
	busy.Expect("x")

	server.BeginStop()
	log.Wait(t, "Shutting down", 1)
	silentEnded := make(chan error, 1)
	go func() {
		_, err := silent.In.Read(make([]byte, 1))
		silentEnded <- err
		silent.Conn.Close()
	}()
	for ended := false; !ended; {
		busy.Send("still here")
		busy.Expect("still here")
		select {
		case err := <-silentEnded:
			ended = true
			if err != io.EOF {
				t.Errorf("the silent client got %v", err)
			}
		default:
		}
	}
	busy.CloseWrite()
	busy.ExpectEnd()
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	if lines := log.All("Grace is over: closing the rest"); len(lines) != 0 {
		t.Error("the grace was used up")
	}
}

func TestDrainClosesTheRestWhenTheGraceIsOver(t *testing.T) {
	server, log := start(t, writeForEver, netserver.Limits{Grace: 50 * time.Millisecond})
	alice := nettest.Dial(t, server.Addr)
	alice.Expect("xxxx") // and never reads again
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	if why := endOf(t, log); why != "server shutting down" {
		t.Errorf("why is %v", why)
	}
}

func TestAHandlerThatDoesNotEndIsReported(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	server, _ := start(t, func(context.Context, *netserver.Conn) error {
		close(started)
		<-release
		return errors.New("too late")
	}, netserver.Limits{})
	t.Cleanup(func() { close(release) })
	nettest.Dial(t, server.Addr)
	<-started
	err := server.Stop()
	if err == nil || !strings.Contains(err.Error(), "1 handlers go on") {
		t.Errorf("Serve returned %v", err)
	}
}
