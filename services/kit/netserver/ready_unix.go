//go:build unix

package netserver

import "golang.org/x/sys/unix"

// isReadable asks poll(2), without waiting, whether fd has something to read.
// Where it answers false the runtime parks the goroutine until epoll or kqueue
// reports a change, and asks again. (To ask first is a must: the runtime hears
// of changes only, not of what was there before.)
func isReadable(fd uintptr) bool {
	fds := [1]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	n, err := unix.Poll(fds[:], 0)
	return n != 0 || err != nil && err != unix.EINTR && err != unix.EAGAIN
}
