package netserver

import "net"

// abortError is why Abort was called.
type abortError struct{ why string }

// Abort ends the connection at once, from any goroutine, for a reason that the
// log repeats. What the peer has not read yet is thrown away, here and on its
// side, and it gets a RST instead of a FIN: this is for a peer with which
// nothing can be agreed any more, such as one that does not read. Reads and
// Writes that are under way return net.ErrClosed, and the handler is expected
// to return.
func (c *Conn) Abort(why string) {
	if !c.aborted.CompareAndSwap(nil, &abortError{why}) {
		return
	}
	// A close with a linger time of 0 sends a RST; socket(7), SO_LINGER.
	if tcp, ok := c.socket.(interface{ SetLinger(sec int) error }); ok {
		tcp.SetLinger(0)
	}
	c.socket.Close()
}

// limitSendBuffer bounds what the kernel holds for a peer that does not read;
// left alone it would take up to 4 MB for each (tcp(7), tcp_wmem).
func limitSendBuffer(socket net.Conn, size int) {
	if tcp, ok := socket.(interface{ SetWriteBuffer(bytes int) error }); ok {
		tcp.SetWriteBuffer(size)
	}
}
