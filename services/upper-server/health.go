package main

import (
	"context"
	"fmt"
	"io"
	"net"

	"socketlab/kit/boot"
)

// checkHealth says something to the running server, then FIN, and wants to
// hear the greeting, the same in capitals, and QUIT.
func checkHealth(ctx context.Context, cfg config) error {
	conn, err := boot.DialProbe(ctx, cfg.addr)
	if err != nil {
		return err
	}
	defer conn.Close()

	const said = "are you well?\n"
	want := greeting + "ARE YOU WELL?\n" + quit + "\n"
	if cfg.wire == raw {
		want = greeting + "ARE YOU WELL?\n" + quit
	}
	if _, err := io.WriteString(conn, said); err != nil {
		return err
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		return err
	}
	heard, err := io.ReadAll(io.LimitReader(conn, int64(len(want)+1)))
	if err != nil {
		return err
	}
	if string(heard) != want {
		return fmt.Errorf("it was sent %q and answered %q", said, heard)
	}
	return nil
}
