package netserver_test

import (
	"context"
	"errors"
	"io"
	"syscall"
	"testing"

	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

func TestAnAbortIsAResetWhateverIsUnderWay(t *testing.T) {
	for name, handler := range map[string]netserver.Handler{
		"a read":  echo,
		"a write": writeForEver,
	} {
		t.Run(name, func(t *testing.T) {
			conns := make(chan *netserver.Conn, 1)
			server, log := start(t, func(ctx context.Context, conn *netserver.Conn) error {
				conns <- conn
				return handler(ctx, conn)
			}, netserver.Limits{})
			alice := nettest.Dial(t, server.Addr)
			conn := <-conns
			conn.Abort("not reading")
			conn.Abort("twice")
			if why := endOf(t, log); why != "not reading" {
				t.Errorf("why is %v", why)
			}
			if level := log.All("Client disconnected")[0]["level"]; level != "info" {
				t.Errorf("level is %v", level)
			}
			// What had arrived may be read, or not, before the reset.
			if _, err := io.Copy(io.Discard, alice.In); !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("the client saw %v", err)
			}
		})
	}
}
