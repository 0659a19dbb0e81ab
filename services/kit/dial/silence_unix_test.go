//go:build unix

package dial

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"socketlab/kit/nettest"
)

func TestNobodyAnswers(t *testing.T) {
	addr := nettest.Full(t)
	_, port, _ := net.SplitHostPort(addr)
	_, err := TCP(t.Context(), addr, 100*time.Millisecond)
	if err == nil || !strings.HasPrefix(err.Error(), "127.0.0.1 did not answer on port "+port+": ") || !IsTimeout(err) {
		t.Errorf("got %v", err)
	}
}

func TestCtxEndsWhileConnecting(t *testing.T) {
	addr := nettest.Full(t)
	ctx, end := context.WithCancelCause(t.Context())
	failed := make(chan error)
	go func() {
		_, err := TCP(ctx, addr, time.Hour)
		failed <- err
	}()
	end(os.ErrProcessDone)
	if err := <-failed; err != os.ErrProcessDone {
		t.Errorf("got %v", err)
	}
}
