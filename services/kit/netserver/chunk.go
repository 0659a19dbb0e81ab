package netserver

import (
	"errors"
	"io"
	"os"
	"sync"
)

// ChunkSize is the most that one ReadChunk returns, in bytes: what 4 KiB would
// carry in sixteen system calls, 64 KiB carry in one.
const ChunkSize = 64 << 10

// newChunkPool makes the pool that the connections of a run borrow from.
func newChunkPool() *sync.Pool {
	return &sync.Pool{New: func() any { return new([ChunkSize]byte) }}
}

// chunkReader is a connection's part of ReadChunk.
type chunkReader struct {
	pool *sync.Pool
	buf  *[ChunkSize]byte // borrowed; nil while nothing has come
	n    int              // what try has read,
	err  error            // or why not
	// try is tryRead as a value, made once: one for each read would be an
	// allocation for each message.
	try func(fd uintptr) (done bool)
}

// ReadChunk is Read into a buffer that it brings along: it returns what has
// come, at least one byte and at most ChunkSize. The chunk is the caller's
// until the next ReadChunk, or until the handler returns.
//
// The buffer is borrowed only when there is something to read. Ten thousand
// silent clients with one each would cost 640 MB; so they cost nothing. (Where
// the socket cannot be asked, below TLS or on other systems, it is held while
// the client is silent, too.)
//
// The errors are those of Read.
func (c *Conn) ReadChunk() ([]byte, error) {
	if c.raw == nil || !canTryRead {
		c.chunk.borrow()
		n, err := c.Read(c.chunk.buf[:])
		return c.chunk.buf[:n], err
	}
	if c.chunk.try == nil {
		c.chunk.try = c.chunk.tryRead
	}
	for {
		// The runtime calls try, and while that finds nothing it parks
		// this goroutine until epoll or kqueue knows of something.
		err := c.raw.Read(c.chunk.try)
		if err == nil {
			err = c.chunk.err
		}
		switch {
		case err == nil && c.chunk.n > 0:
			c.in.Add(int64(c.chunk.n))
			return c.chunk.buf[:c.chunk.n], nil
		case err == nil:
			c.sawEOF.Store(true)
			return nil, io.EOF
		case !errors.Is(err, os.ErrDeadlineExceeded):
			return nil, err
		}
		if err := c.idle.look(c.socket, c.moved()); err != nil {
			return nil, err
		}
	}
}

func (r *chunkReader) borrow() {
	if r.buf == nil {
		r.buf = r.pool.Get().(*[ChunkSize]byte)
	}
}

// giveBack ends the loan, if there is one.
func (r *chunkReader) giveBack() {
	if r.buf != nil {
		r.pool.Put(r.buf)
		r.buf = nil
	}
}
