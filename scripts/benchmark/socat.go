package main

import (
	"context"
	"os/exec"
	"strconv"
)

// socat is the contender of Debian's package of that name: an echo server in one
// line of shell. It starts a process for each client (fork), which has a pipe of
// the kernel's (PIPE) and carries each message into it and out of it. -b is how
// much it takes at once. When the pipe is said to have room, it has room for
// 4,096 bytes (PIPE_BUF, pipe(7)); with more at once, socat may wait for itself.
//
// It is no peer of the upper server. With EXEC:tr each client has two processes
// and no greeting, and tr, which does not write to a terminal, keeps its
// capitals until it has 4 KiB of them.
func (b builder) socat() contender {
	binary, err := exec.LookPath("socat")
	if err != nil {
		return contender{name: socat, missing: "no socat on this machine"}
	}
	return contender{name: socat, protocol: echoes(), command: func(ctx context.Context, port int) (*exec.Cmd, error) {
		listen := "TCP-LISTEN:" + strconv.Itoa(port) + ",bind=127.0.0.1,reuseaddr,fork,backlog=128"
		return b.onCore(ctx, binary, "-b", "4096", listen, "PIPE"), nil
	}}
}
