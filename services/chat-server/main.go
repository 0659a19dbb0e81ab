// Command chat-server is a group chat: channels, private words, accounts.
package main

import (
	"context"
	"errors"
	"os"

	"github.com/sirupsen/logrus"

	"socketlab/chat-server/accounts"
	"socketlab/kit/boot"
	"socketlab/kit/netserver"
)

func main() {
	var cfg config
	os.Exit(boot.Main(boot.Program{
		Name:     "chat-server",
		About:    "a group chat with channels and accounts",
		Flags:    cfg.flags,
		Settings: cfg.declare,
		Run: func(ctx context.Context, log *logrus.Logger) error {
			if cfg.dump {
				return dump(cfg.data, os.Stdout)
			}
			return run(ctx, cfg, log)
		},
		Health: func(ctx context.Context) error {
			return checkHealth(ctx, cfg)
		},
	}))
}

// sendBuffer is what the kernel keeps, in bytes, for a client that does not
// read; the rest waits in its queue.
const sendBuffer = 64 << 10

func run(ctx context.Context, cfg config, log *logrus.Logger) (err error) {
	store, err := accounts.Open(cfg.data, accounts.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	ln, err := netserver.Listen(ctx, cfg.addr)
	if err != nil {
		return err
	}
	server := netserver.Server{
		Handler: newChat(store, cfg.rate).serve, Limits: cfg.limits, SendBuffer: sendBuffer,
		Log: log, Quiet: boot.IsProbe,
	}
	return server.Serve(ctx, ln)
}
