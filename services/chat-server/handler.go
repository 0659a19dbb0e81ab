package main

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"

	"golang.org/x/time/rate"

	"socketlab/chat-server/accounts"
	"socketlab/kit/netserver"
	"socketlab/kit/textline"
)

// maxLine is how long a line of a client may be, in bytes.
const maxLine = 1024

// A chat is what all clients share.
type chat struct {
	hub      *hub
	accounts *accounts.Store
	commands []command
	batches  *batches
	// rate is how many lines a second a client may say; 0: as many as it
	// likes.
	rate int
	// clock is what rate goes by.
	clock func() time.Time
	// penalty is how late a wrong password is answered.
	penalty time.Duration
}

func newChat(store *accounts.Store, linesPerSecond int) *chat {
	return &chat{
		hub: newHub(), accounts: store, commands: commands(), batches: newBatches(),
		rate: linesPerSecond, clock: time.Now, penalty: time.Second,
	}
}

// burst is how many seconds' worth of lines may come at once.
const burst = 2

func (s *chat) newLimit() *rate.Limiter {
	if s.rate == 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	return rate.NewLimiter(rate.Limit(s.rate), burst*s.rate)
}

// serve is the life of one client. The goroutine that it is called in reads;
// it starts the one that writes, and waits for its end.
func (s *chat) serve(ctx context.Context, conn *netserver.Conn) error {
	if conn.ID() == 0 {
		return s.answerProbe(conn)
	}
	c := newClient(conn, s.newLimit())
	written := make(chan struct{})
	go func() {
		defer close(written)
		if err := c.write(s.batches); err != nil {
			c.out.end()
			conn.Abort(lost(err))
		}
	}()
	s.hub.enter(c)
	why := "server error" // a panic; netserver logs it
	defer func() {
		s.hub.leave(c, why)
		c.out.end()
		<-written
	}()

	err := s.listen(ctx, c)
	why = farewell(err)
	switch left := (*leaving)(nil); {
	case errors.As(err, &left):
		return nil
	case errors.Is(err, netserver.ErrShutdown):
		c.hear(notice("the server is shutting down"))
	case errors.Is(err, netserver.ErrIdle):
		c.hear(notice("you were silent for too long"))
	}
	if ctx.Err() != nil {
		why = "" // all are leaving, and know
	}
	return err
}

// listen reads what the client says, line by line, and obeys, until one of the
// two ends it.
func (s *chat) listen(ctx context.Context, c *client) error {
	in := textline.NewReader(c.conn, c.out, maxLine)
	for {
		c.out.awaitRoom()
		line, err := in.ReadLine()
		switch {
		case errors.Is(err, textline.ErrLeave):
			err = leave(c, "goodbye")
		case err != nil && !errors.Is(err, textline.ErrTooLong):
			return err
		case !c.limit.AllowN(s.clock(), 1):
			err = refuse("slow", "down, at most %d lines a second, this one was not delivered", s.rate)
		case err != nil:
			err = refuse("toolong", "at most %d bytes in a line, this one was not delivered", maxLine)
		default:
			err = s.obey(ctx, c, string(line))
		}
		if no, ok := errors.AsType[*refusal](err); ok {
			c.hear(refused(no))
		} else if err != nil {
			return err
		}
	}
}

// leaving is the error of a client that ends its talk in good order.
type leaving struct{ why string }

func (l *leaving) Error() string { return l.why }

// leave says goodbye to the client and returns what ends its talk.
func leave(c *client, why string) error {
	c.hear(notice("goodbye"))
	return &leaving{why}
}

// errGone is what a command of a client meets that the hub has dropped.
var errGone = errors.New("dropped")

// farewell is what the others are told of one whose talk has ended with err.
func farewell(err error) string {
	left := (*leaving)(nil)
	switch {
	case errors.As(err, &left):
		return left.why
	case errors.Is(err, io.EOF):
		return "connection closed"
	case errors.Is(err, netserver.ErrIdle):
		return "idle"
	}
	return lost(err)
}

// lost is the same where the connection broke.
func lost(err error) string {
	if errors.Is(err, syscall.ETIMEDOUT) || errors.Is(err, os.ErrDeadlineExceeded) {
		return tooSlow
	}
	return "connection lost"
}

// answerProbe answers one `/ping` of a health check, which nobody in the rooms
// shall notice. To ask for the rooms shows that the hub is not stuck.
func (s *chat) answerProbe(conn *netserver.Conn) error {
	line, err := textline.NewReader(conn, conn, maxLine).ReadLine()
	if err != nil {
		return err
	}
	word, rest := cutWord(string(line))
	if word != "/ping" || len(s.hub.rooms()) == 0 {
		return net.ErrClosed
	}
	_, err = conn.Write(pong(rest))
	return err
}
