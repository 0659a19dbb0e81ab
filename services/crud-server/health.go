package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"regexp"

	"socketlab/kit/boot"
)

// counted is what a healthy server answers to count.
var counted = regexp.MustCompile(`^OK \d+ records\n$`)

// checkHealth asks the running server how many records it has, which changes
// nothing, then says FIN.
func checkHealth(ctx context.Context, cfg config) error {
	conn, err := boot.DialProbe(ctx, cfg.addr)
	if err != nil {
		return err
	}
	defer conn.Close()

	const said = "count\n"
	if _, err := io.WriteString(conn, said); err != nil {
		return err
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		return err
	}
	heard, err := io.ReadAll(io.LimitReader(conn, 64))
	if err != nil {
		return err
	}
	if !counted.Match(heard) {
		return fmt.Errorf("it was sent %q and answered %q", said, heard)
	}
	return nil
}
