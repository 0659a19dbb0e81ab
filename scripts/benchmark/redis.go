package main

import (
	"context"
	"os/exec"
	"strconv"
)

// redis is the contender of Debian's package redis-server.
func (b builder) redis() contender {
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		return contender{name: redisServer, missing: "no redis-server on this machine"}
	}
	c := b.redisIn(b.newFolder, binary)
	c.fill = func(ctx context.Context, records int) (contender, error) {
		dir, err := b.newFolder()
		if err != nil {
			return contender{}, err
		}
		full := b.redisIn(always(dir), binary)
		server, err := full.start(ctx)
		if err != nil {
			return contender{}, err
		}
		defer server.stop()
		return full, full.protocol.pour(ctx, server.addr, records)
	}
	return c
}

// redisIn keeps its files in the folder, and lets them be as durable as those of
// the lab: no answer to a change before it is on the disk (appendfsync always).
func (b builder) redisIn(in folder, binary string) contender {
	return contender{name: redisServer, protocol: saysRedis(), command: func(ctx context.Context, port int) (*exec.Cmd, error) {
		dir, err := in()
		if err != nil {
			return nil, err
		}
		return b.onCore(ctx, binary, "--bind", "127.0.0.1", "--port", strconv.Itoa(port), "--dir", dir,
			"--appendonly", "yes", "--appendfsync", "always", "--save", ""), nil
	}}
}
