package netserver

import (
	"errors"
	"io"
	"net"
	"os"
	"sync/atomic"
	"syscall"

	"github.com/sirupsen/logrus"
)

// Conn is a client's connection as a handler sees it. It is an io.ReadWriter
// whatever lies below (TCP now, TLS as well), and it has no Close: it is the
// server that closes, when the handler has returned, after everything written
// was sent and in a way that does not destroy it (goodbye.go).
//
// One goroutine may read while another writes; two must not read, nor two
// write, at once.
type Conn struct {
	id     uint64
	quiet  bool // kept out of the log that a learner reads
	socket net.Conn
	// raw is the descriptor below socket; nil where there is none.
	raw  syscall.RawConn
	log  *logrus.Logger
	idle idleWatch
	// stall is how peers that do not read are found; see stall_linux.go.
	stall stallWatch
	chunk chunkReader

	in, out atomic.Int64 // bytes
	sawEOF  atomic.Bool  // the peer's FIN has been read
	aborted atomic.Pointer[abortError]
}

func newConn(socket net.Conn, r *run) *Conn {
	c := &Conn{socket: socket, log: r.log, chunk: chunkReader{pool: r.chunks}}
	if isQuiet := r.server.Quiet; isQuiet != nil {
		c.quiet = isQuiet(socket.RemoteAddr())
	}
	if s, ok := socket.(syscall.Conn); ok {
		// An error means a closed socket, which the first Read reports.
		c.raw, _ = s.SyscallConn()
	}
	timeout := r.server.WriteTimeout
	if timeout == 0 {
		timeout = defaultWriteTimeout
	}
	c.stall.start(c.raw, timeout)
	if size := r.server.SendBuffer; size > 0 {
		limitSendBuffer(socket, size)
	}
	c.idle.start(socket, r.server.Limits.IdleTimeout)
	return c
}

// ID counts the connections of a server from 1, in the order of their coming.
// It is 0 for peers that Server.Quiet names.
func (c *Conn) ID() uint64 { return c.id }

// RemoteAddr is the peer's address and port.
func (c *Conn) RemoteAddr() net.Addr { return c.socket.RemoteAddr() }

// Read returns what has come, at least one byte and at most len(p), as soon as
// there is any. How it was cut by the sender's writes is not kept: TCP is a
// stream. The errors: io.EOF after the peer's FIN, ErrIdle, ErrShutdown, or
// the connection's own.
func (c *Conn) Read(p []byte) (int, error) {
	for {
		n, err := c.socket.Read(p)
		c.in.Add(int64(n))
		if err == io.EOF {
			c.sawEOF.Store(true)
		}
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		if err := c.idle.look(c.socket, c.moved()); err != nil {
			return 0, err
		}
	}
}

// Write sends all of p. It returns when the kernel has taken the last byte,
// which is not yet when the peer has it. A peer that does not read for the
// server's WriteTimeout is an error.
func (c *Conn) Write(p []byte) (int, error) {
	c.stall.beforeWrite(c.socket)
	n, err := c.socket.Write(p)
	c.out.Add(int64(n))
	return n, err
}

// CloseWrite sends FIN: no Write may follow, and the peer reads the end of the
// stream behind what was written. Reading goes on. The server does this by
// itself at the end of a handler.
func (c *Conn) CloseWrite() error { return closeWrite(c.socket) }

// Log returns a logger whose lines carry this connection's number.
func (c *Conn) Log() *logrus.Entry { return c.log.WithField("conn", c.id) }

// logLevel keeps quiet peers, health checks, out of the log.
func (c *Conn) logLevel() logrus.Level {
	if c.quiet {
		return logrus.TraceLevel
	}
	return logrus.InfoLevel
}

// maxShown is how many bytes of a message LogData shows.
const maxShown = 256

// LogData logs a message at debug, with its size in bytes and, quoted, its
// first 256. Where debug is off it costs nothing.
func (c *Conn) LogData(what string, data []byte) {
	level := logrus.DebugLevel
	if c.quiet {
		level = logrus.TraceLevel
	}
	if !c.log.IsLevelEnabled(level) {
		return
	}
	// WithFields would copy the fields once more, for each message.
	entry := logrus.Entry{Logger: c.log, Data: logrus.Fields{
		"conn": c.id,
		"size": len(data),
		"data": string(data[:min(len(data), maxShown)]),
	}}
	entry.Log(level, what)
}

// moved is how many bytes went through, in both directions.
func (c *Conn) moved() int64 { return c.in.Load() + c.out.Load() }
