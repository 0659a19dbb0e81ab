package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// The loads of the crud server. A stock is small enough for every cache, and
// large enough for a tree of some depth.
const (
	create1   = "create a record of 100 B, 1 connection"
	create8   = "create a record of 100 B, 8 connections"
	create64  = "create a record of 100 B, 64 connections"
	read50    = "read one of 100,000 records of 100 B, 50 connections"
	readers   = 50
	readStock = 100_000
	million   = 1_000_000
)

// The contenders.
const (
	crudServer  = "crud-server"
	redisServer = "redis-server"
)

// crudSuite compares the crud server with Redis, when that is asked to be as
// durable.
func crudSuite(ctx context.Context, b builder) (suite, error) {
	binary, err := b.goService(ctx, "crud-server")
	if err != nil {
		return suite{}, err
	}
	crud, redis := b.crud(binary), b.redis()
	both := []contender{crud, redis}

	return suite{
		note: fmt.Sprintf("A message is a record. The files of both are on a file system that statfs(2) calls %s "+
			"(on tmpfs an fsync costs nothing; TMPDIR says where to go instead).", fileSystem(ctx, b.dir)),
		trials: []trial{
			{exchange{create1, 1, valueSize, creating}, both},
			{exchange{create8, 8, valueSize, creating}, both},
			{exchange{create64, 64, valueSize, creating}, both},
			{exchange{read50, readers, valueSize, reading(readStock)}, []contender{crud.holding(readStock), redis.holding(readStock)}},
		},
		headline: func(r *report) string {
			return fmt.Sprintf("**CRUD**: 64 clients make %s times as many records a second as with Redis, each on the disk before `OK`; 50 read %s times as many.",
				r.times(create64, messageRate(), crudServer, redisServer), r.times(read50, messageRate(), crudServer, redisServer))
		},
		bars: append(barsOf("crud, 64 create", create64, crudServer, redisServer),
			barsOf("crud, 50 read", read50, crudServer, redisServer)...),
		holders: both,
		stocks:  []int{1000, 10_000, 100_000, million},
		ratios: []ratio{
			{create1, messageRate(), crudServer, redisServer, anything()},
			{create1, cpuPerMessage(), crudServer, redisServer, anything()},
			{create8, messageRate(), crudServer, redisServer, anything()},
			{create8, cpuPerMessage(), crudServer, redisServer, anything()},
			{create64, messageRate(), crudServer, redisServer, atLeast(0.8)},
			{create64, cpuPerMessage(), crudServer, redisServer, anything()},
			{read50, messageRate(), crudServer, redisServer, atLeast(0.8)},
			{read50, cpuPerMessage(), crudServer, redisServer, anything()},
		},
		heldBounds: []heldBound{
			{crudServer, million, "start s", held.start, atMost(1)},
			{crudServer, million, "anonymous MB", held.anonymousMB, atMost(100)},
			{crudServer, million, "list of 100, p99 ms", held.listP99, atMost(5)},
		},
	}, nil
}

// crud is the contender of the lab.
func (b builder) crud(binary string) contender {
	c := b.crudIn(b.newFolder, binary)
	c.fill = func(ctx context.Context, records int) (contender, error) {
		dir, err := b.newFolder()
		if err != nil {
			return contender{}, err
		}
		return b.crudIn(always(dir), binary), b.importStock(ctx, binary, dir, records)
	}
	return c
}

func (b builder) crudIn(in folder, binary string) contender {
	return contender{name: crudServer, protocol: saysCRUD(), command: func(ctx context.Context, port int) (*exec.Cmd, error) {
		dir, err := in()
		if err != nil {
			return nil, err
		}
		c := b.service(crudServer, saysCRUD(), binary, "CRUD_ADDR", crudData(dir), "LOG_LEVEL=warn", "MAX_CONNS=20000")
		return c.command(ctx, port)
	}}
}

func crudData(dir string) string { return "CRUD_DATA=" + filepath.Join(dir, "crud.db") }

// importStock is quicker than to create record by record.
func (b builder) importStock(ctx context.Context, binary, dir string, records int) error {
	cmd := b.onCore(ctx, binary, "-import", "-")
	cmd.Dir = dir // no .env there
	cmd.Env = append(os.Environ(), crudData(dir))
	said := &lastWords{}
	cmd.Stdout, cmd.Stderr = said, said
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	err = writeStock(in, records)
	if err = errors.Join(err, cmd.Wait()); err != nil {
		return fmt.Errorf("%w; its last words: %q", err, said)
	}
	return nil
}

// fileSystem is what statfs(2) says of dir's, by its name.
func fileSystem(ctx context.Context, dir string) string {
	return firstLine(ctx, "stat", "--file-system", "--format=%T", dir)
}
