package netserver

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
)

func TestBackoffDoublesFrom5msTo1s(t *testing.T) {
	log := logrus.New()
	log.SetOutput(io.Discard)
	ended, cancel := context.WithCancel(context.Background())
	cancel() // no pause is really waited for
	b := backoff{log: log}
	var got []time.Duration
	for range 10 {
		b.wait(ended, syscall.EMFILE)
		got = append(got, b.pause)
	}
	if got[0] != 10*time.Millisecond || got[1] != 20*time.Millisecond || got[9] != time.Second {
		t.Errorf("next pauses after the first 5ms: %v", got)
	}
	b.success()
	b.wait(ended, syscall.EMFILE)
	if b.pause != 10*time.Millisecond {
		t.Errorf("after a success it goes on with %v", b.pause)
	}
}

func TestReason(t *testing.T) {
	tests := []struct {
		err        error
		sawEOF     bool
		want       string
		unexpected bool
	}{
		{nil, true, "client closed", false},
		{io.EOF, true, "client closed", false},
		{nil, false, "server closed", false},
		{ErrIdle, false, "idle", false},
		{ErrShutdown, false, "server shutting down", false},
		{net.ErrClosed, false, "server shutting down", false},
		{&net.OpError{Err: os.NewSyscallError("read", syscall.ECONNRESET)}, false, "reset by client", false},
		{&net.OpError{Err: os.NewSyscallError("write", syscall.EPIPE)}, true, "reset by client", false},
		{&net.OpError{Err: os.NewSyscallError("write", syscall.ETIMEDOUT)}, false, "client not reading, or gone", false},
		{os.ErrDeadlineExceeded, false, "client not reading, or gone", false},
		{&panicError{"oh"}, false, "panic: oh", true},
		{errors.New("no such key"), false, "no such key", true},
		{io.ErrUnexpectedEOF, true, "unexpected EOF", true},
	}
	for _, test := range tests {
		conn := &Conn{}
		conn.sawEOF.Store(test.sawEOF)
		if got := conn.reason(test.err); got != test.want {
			t.Errorf("reason(%v) is %q, want %q", test.err, got, test.want)
		}
		if got := isUnexpected(test.err); got != test.unexpected {
			t.Errorf("isUnexpected(%v) is %v", test.err, got)
		}
	}
}
