package boot

import (
	"context"
	"net"
	"net/netip"
)

// probeSource is the address that health checks come from: on Linux all of
// 127.0.0.0/8 is this machine, and no learner's program picks this one by
// itself. A server sees by it whom not to mention in the log.
var probeSource = netip.MustParseAddr("127.0.0.86")

// DialProbe connects to the service that listens on addr, for its health
// check. The connection ends with ctx. The caller closes it.
func DialProbe(ctx context.Context, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	target := net.JoinHostPort(host, port)
	quiet := net.Dialer{LocalAddr: &net.TCPAddr{IP: probeSource.AsSlice()}}
	conn, err := quiet.DialContext(ctx, "tcp", target)
	if err != nil {
		// Not Linux, or not loopback: then the check is logged like
		// any client.
		conn, err = new(net.Dialer).DialContext(ctx, "tcp", target)
	}
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		conn.SetDeadline(deadline)
	}
	return conn, nil
}

// IsProbe reports whether peer is a health check, for netserver.Server.Quiet.
func IsProbe(peer net.Addr) bool {
	tcp, ok := peer.(*net.TCPAddr)
	return ok && tcp.AddrPort().Addr().Unmap() == probeSource
}
