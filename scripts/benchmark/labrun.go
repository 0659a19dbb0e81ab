package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func (l *lab) timed(do func() error) (float64, error) {
	began := time.Now()
	err := do()
	return time.Since(began).Seconds(), err
}

func (l *lab) compose(ctx context.Context, args ...string) error {
	return l.run(ctx, "docker", append([]string{"compose"}, args...)...)
}

// command is one of this lab: in its folder, under its name.
func (l *lab) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	if strings.HasPrefix(name, "scripts/") {
		name = filepath.Join(l.dir, name)
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = l.dir
	cmd.Env = append(os.Environ(), "COMPOSE_PROJECT_NAME="+l.project, "LAB_IMAGES="+l.project,
		"UPPER_PORT="+strconv.Itoa(l.port), "ECHO_PORT=0", "CHAT_PORT=0", "CRUD_PORT=0", "CHECKER_PORT=0")
	return cmd
}

// run fails with the last words of a command that fails.
func (l *lab) run(ctx context.Context, name string, args ...string) error {
	cmd := l.command(ctx, name, args...)
	said := &lastWords{}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w; its last words: %q", name, strings.Join(args, " "), err, said)
	}
	return nil
}

func (l *lab) output(ctx context.Context, name string, args ...string) (string, error) {
	said, err := l.command(ctx, name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(said)), nil
}

// removeLimit is how long it may take to delete a lab.
const removeLimit = 2 * time.Minute

// remove deletes all that the lab has made, also when ctx is done.
func (l *lab) remove(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removeLimit)
	defer cancel()
	return errors.Join(l.run(ctx, "scripts/lab", "reset", "--yes"), l.forgetCold(ctx))
}
