// Command upper-server greets, answers in capitals, and says QUIT.
package main

import (
	"context"
	"os"

	"github.com/sirupsen/logrus"

	"socketlab/kit/boot"
	"socketlab/kit/netserver"
)

func main() {
	var cfg config
	os.Exit(boot.Main(boot.Program{
		Name:     "upper-server",
		About:    "greets, answers in capitals, and says QUIT",
		Settings: cfg.declare,
		Run: func(ctx context.Context, log *logrus.Logger) error {
			return run(ctx, cfg, log)
		},
		Health: func(ctx context.Context) error {
			return checkHealth(ctx, cfg)
		},
	}))
}

func run(ctx context.Context, cfg config, log *logrus.Logger) error {
	ln, err := netserver.Listen(ctx, cfg.addr)
	if err != nil {
		return err
	}
	server := netserver.Server{Handler: handlerFor(cfg.wire), Limits: cfg.limits, Log: log, Quiet: boot.IsProbe}
	return server.Serve(ctx, ln)
}
