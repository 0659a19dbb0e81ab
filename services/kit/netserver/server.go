package netserver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

// A Handler is the talk with one client. It runs in a goroutine of its own
// and owns conn until it returns; then the server closes conn, politely (see
// Conn). It returns nil, or io.EOF, when the talk is over, and otherwise what
// went wrong; the server alone turns that into a log line. A panic ends this
// connection and no other.
//
// ctx is done when the server begins to shut down. A handler may use it to
// say goodbye early; one that ignores it is left alone until the grace is
// over (see Limits.Grace).
type Handler func(ctx context.Context, conn *Conn) error

// Limits are what a server asks of all its clients together and of each.
type Limits struct {
	// MaxConns is how many clients are served at once; one more gets a
	// line that says so and is closed. 0: no limit.
	MaxConns int
	// IdleTimeout is how long a connection may stay open with no byte in
	// either direction. It is checked four times in that period, so the
	// end comes up to a quarter later. 0: for ever.
	IdleTimeout time.Duration
	// Grace is how long clients have, once the server is asked to stop,
	// to finish what they began. 0: they are closed at once.
	Grace time.Duration
}

// Server accepts connections and runs Handler on each. Only Handler must be
// set. Its fields are not to be changed once Serve has been called.
type Server struct {
	Handler Handler
	Limits  Limits
	// WriteTimeout ends a connection whose peer has not taken a byte of
	// what was sent to it for this long (see stall_linux.go). 0: one minute.
	WriteTimeout time.Duration
	// SendBuffer is how many bytes, at most, the kernel keeps of what was
	// written to a peer that does not read (Linux doubles it for its own
	// books, socket(7)). 0: as the system likes, which is megabytes.
	SendBuffer int
	// Log gets two lines for each connection, its start and its end.
	// nil: nothing is logged.
	Log *logrus.Logger
	// Quiet names peers whose connections are logged at trace only, and
	// are not numbered: health checks. nil: none.
	Quiet func(peer net.Addr) bool
}

// defaultWriteTimeout outlasts a short break of a wireless network.
const defaultWriteTimeout = time.Minute

// Serve accepts connections from ln until ctx is done, then drains: it stops
// accepting, lets handlers finish for Limits.Grace, closes the rest, and
// returns nil when all have ended. It returns an error when ln fails for good,
// or when a handler goes on although its connection was closed under it.
//
// Serve closes ln. It may be called once for each of several listeners; each
// call counts and drains its own connections.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	run := newRun(s)
	run.log.WithField("addr", ln.Addr().String()).Info("Listening")
	stop := context.AfterFunc(ctx, func() { ln.Close() })
	defer stop()

	err := run.acceptAll(ctx, ln)
	ln.Close()
	return errors.Join(err, run.drain())
}

// run is one call of Serve.
type run struct {
	server *Server
	log    *logrus.Logger
	// handlers is what the handlers get as ctx; draining cancels it.
	handlers context.Context
	shutdown context.CancelFunc
	// refusing bounds the goroutines that tell clients of a full server.
	refusing chan struct{}
	// chunks is where connections borrow buffers, see chunk.go.
	chunks *sync.Pool

	// mu guards conns, lastID and full.
	mu     sync.Mutex
	conns  map[*Conn]struct{}
	lastID uint64
	full   bool
	// ended counts down to zero when the last connection has ended.
	ended sync.WaitGroup
}

func newRun(s *Server) *run {
	log := s.Log
	if log == nil {
		log = logrus.New()
		log.SetLevel(logrus.PanicLevel)
	}
	ctx, cancel := context.WithCancel(context.Background())
	return &run{
		server:   s,
		log:      log,
		handlers: ctx,
		shutdown: cancel,
		refusing: make(chan struct{}, maxRefusing),
		chunks:   newChunkPool(),
		conns:    make(map[*Conn]struct{}),
	}
}

// acceptAll is the accept loop. It returns nil when ctx is done, and the
// listener's error when it cannot go on.
func (r *run) acceptAll(ctx context.Context, ln net.Listener) error {
	retry := backoff{log: r.log}
	for {
		socket, err := ln.Accept()
		switch {
		case err == nil:
			retry.success()
			r.welcome(socket)
		case ctx.Err() != nil:
			return nil
		case isPassing(err):
			retry.wait(ctx, err)
		default:
			return fmt.Errorf("accept on %s: %w", ln.Addr(), err)
		}
	}
}

// welcome starts the handler of a new connection, or refuses it.
func (r *run) welcome(socket net.Conn) {
	conn, ok := r.admit(socket)
	if !ok {
		r.refuse(socket)
		return
	}
	r.log.WithFields(logrus.Fields{
		"conn": conn.id,
		"peer": conn.RemoteAddr().String(),
	}).Log(conn.logLevel(), "Client connected")
	go r.serve(conn)
}

// admit counts socket in, unless the server is full.
func (r *run) admit(socket net.Conn) (*Conn, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if limit := r.server.Limits.MaxConns; limit > 0 && len(r.conns) >= limit {
		return nil, false
	}
	r.full = false
	conn := newConn(socket, r)
	if !conn.quiet {
		r.lastID++
		conn.id = r.lastID
	}
	r.conns[conn] = struct{}{}
	r.ended.Add(1)
	return conn, true
}

// serve is the whole life of one connection. What is needed only at its start
// and its end is done elsewhere: the frame of this function stays on the stack
// for as long as the client stays, ten thousand times.
func (r *run) serve(conn *Conn) {
	defer r.ended.Done()
	began := time.Now()
	err := r.handle(conn)
	r.finish(conn, began, err)
}

// finish says goodbye, forgets the connection, and logs how it ended.
func (r *run) finish(conn *Conn, began time.Time, err error) {
	why := conn.reason(err)
	conn.chunk.giveBack()
	conn.goodbye(err)

	r.mu.Lock()
	delete(r.conns, conn)
	r.mu.Unlock()

	level := conn.logLevel()
	if isUnexpected(err) {
		level = logrus.WarnLevel
	}
	r.log.WithFields(logrus.Fields{
		"conn": conn.id,
		"peer": conn.RemoteAddr().String(),
		"in":   conn.in.Load(),
		"out":  conn.out.Load(),
		"took": time.Since(began).Round(time.Millisecond),
		"why":  why,
	}).Log(level, "Client disconnected")
}

// handle runs the handler and turns its panic into an error, so that one
// client's bad luck is not everybody's.
func (r *run) handle(conn *Conn) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &panicError{cause}
			r.log.WithField("conn", conn.id).Errorf("the handler panicked: %v\n%s", cause, debug.Stack())
		}
	}()
	return r.server.Handler(r.handlers, conn)
}
