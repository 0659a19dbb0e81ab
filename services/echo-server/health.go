package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"

	"socketlab/kit/boot"
)

// checkHealth says something to the running server, then FIN, and wants to
// hear the same until the end.
func checkHealth(ctx context.Context, cfg config) error {
	conn, err := boot.DialProbe(ctx, cfg.addr)
	if err != nil {
		return err
	}
	defer conn.Close()

	const said = "are you well?\n"
	want := said
	if cfg.mode == both {
		want = strings.Repeat(said, 2)
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
		return fmt.Errorf("it was sent %q and echoed %q", said, heard)
	}
	return nil
}
