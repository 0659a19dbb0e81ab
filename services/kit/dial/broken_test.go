package dial

import (
	"errors"
	"syscall"
	"testing"
)

func TestBroken(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{syscall.ECONNRESET, "the server broke the connection off, without a goodbye (connection reset by peer)"},
		{syscall.EPIPE, "the server broke the connection off, without a goodbye (broken pipe)"},
		{syscall.ETIMEDOUT, "the server does not answer any more: is it gone, or the network? (connection timed out)"},
		{syscall.EBADF, "the connection broke (bad file descriptor)"},
	} {
		err := Broken(test.err)
		if err.Error() != test.want || !errors.Is(err, test.err) {
			t.Errorf("got  %v\nwant %s", err, test.want)
		}
	}
}
