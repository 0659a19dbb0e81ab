package main

import (
	"context"
	"fmt"
	"io"

	"socketlab/kit/boot"
)

// checkHealth pings the running server. It never enters a room, so nobody in
// there is disturbed.
func checkHealth(ctx context.Context, cfg config) error {
	conn, err := boot.DialProbe(ctx, cfg.addr)
	if err != nil {
		return err
	}
	defer conn.Close()

	const said, want = "/ping are you well?\n", "* pong are you well?\n"
	if _, err := io.WriteString(conn, said); err != nil {
		return err
	}
	heard := make([]byte, len(want))
	if n, err := io.ReadFull(conn, heard); string(heard) != want {
		return fmt.Errorf("it was sent %q and answered %q (%v)", said, heard[:n], err)
	}
	return nil
}
