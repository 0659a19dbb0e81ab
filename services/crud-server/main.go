// Command crud-server is a small database that you talk to.
package main

import (
	"context"
	"os"

	"github.com/sirupsen/logrus"

	"socketlab/kit/boot"
)

func main() {
	var cfg config
	os.Exit(boot.Main(boot.Program{
		Name:     "crud-server",
		About:    "keeps records: create, read, update, delete, and more; see help",
		Flags:    cfg.flags,
		Settings: cfg.declare,
		Run: func(ctx context.Context, log *logrus.Logger) error {
			return run(ctx, cfg, log)
		},
		Health: func(ctx context.Context) error {
			return checkHealth(ctx, cfg)
		},
	}))
}
