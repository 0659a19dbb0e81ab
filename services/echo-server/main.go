// Command echo-server sends back every byte it gets, to the one who sent it.
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
		Name:     "echo-server",
		About:    "sends back every byte it gets",
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
	server := netserver.Server{Handler: handlerFor(cfg.mode), Limits: cfg.limits, Log: log, Quiet: boot.IsProbe}
	return server.Serve(ctx, ln)
}
