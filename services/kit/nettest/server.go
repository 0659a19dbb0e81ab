package nettest

import (
	"context"
	"io"
	"net"
	"testing"

	"github.com/sirupsen/logrus"

	"socketlab/kit/netserver"
)

// Running is a server that serves inside the test's own process.
type Running struct {
	// Addr is where it listens, 127.0.0.1 and a port of its own.
	Addr   string
	cancel context.CancelFunc
	ended  chan error
}

// Serve runs server until the test ends, or until Stop.
func Serve(t testing.TB, server *netserver.Server) *Running {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ServeOn(t, server, ln)
}

// ServeOn is Serve on a listener of the test's own making.
func ServeOn(t testing.TB, server *netserver.Server, ln net.Listener) *Running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &Running{Addr: ln.Addr().String(), cancel: cancel, ended: make(chan error, 1)}
	go func() {
		r.ended <- server.Serve(ctx, ln)
		close(r.ended)
	}()
	t.Cleanup(func() {
		cancel()
		<-r.ended
	})
	return r
}

// BeginStop asks the server to drain and returns at once.
func (r *Running) BeginStop() { r.cancel() }

// Stop drains the server and returns what Serve returned.
func (r *Running) Stop() error {
	r.cancel()
	return <-r.ended
}

// Logger returns a logger at trace that writes JSON lines to w.
func Logger(w io.Writer) *logrus.Logger {
	log := logrus.New()
	log.SetLevel(logrus.TraceLevel)
	log.SetFormatter(&logrus.JSONFormatter{})
	log.SetOutput(w)
	return log
}
