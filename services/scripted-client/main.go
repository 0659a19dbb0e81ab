// Command scripted-client holds a conversation with a server, by itself: the
// one of the original guide, or one that is written in a file.
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
		Name:     "scripted-client",
		About:    "says hello to the upper server and leaves on QUIT, or plays a talk",
		Flags:    cfg.flags,
		Settings: cfg.declare,
		Exits:    []string{"3 cannot connect"},
		Run: func(ctx context.Context, log *logrus.Logger) error {
			return run(ctx, cfg, log, os.Stdout)
		},
	}))
}
