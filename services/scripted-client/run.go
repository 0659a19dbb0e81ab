package main

import (
	"context"
	"errors"
	"io"

	"github.com/sirupsen/logrus"

	"socketlab/kit/boot"
)

// Exit codes beside boot's 0 and 1.
const (
	exitUsage       = 2 // a wrong script, like a wrong flag: nothing was started
	exitUnconnected = 3 // there was no server to talk to
)

var errStopped = errors.New("stopped before the conversation was over")

// run connects, talks and leaves. What the server says goes to out.
func run(ctx context.Context, cfg config, log *logrus.Logger, out io.Writer) error {
	speak := converse
	if cfg.script != "" {
		script, err := readTalk(cfg.script)
		if err != nil {
			return &boot.ExitError{Code: exitUsage, Err: err}
		}
		speak = script.play
	}
	conn, err := connect(ctx, cfg.target(), cfg.connect, log)
	if err != nil {
		return err
	}
	defer conn.Close()
	log.WithField("addr", conn.RemoteAddr().String()).Info("Connected to Server!")

	// Whoever stops the program does not want to wait for an answer.
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	err = speak(newDialogue(conn, cfg.timeout), out)
	if ctx.Err() != nil {
		return errStopped
	}
	if err != nil {
		return err
	}
	log.Info("Disconnected from server")
	return nil
}
