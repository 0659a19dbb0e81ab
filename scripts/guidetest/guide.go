package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// guide plays lessons one after the other; they share the lab's ports, so never two at once.
type guide struct {
	root    string
	project string
	env     []string
	limits  limits
	keep    bool // leave the containers of a lesson as they are
	stdout  io.Writer
	tee     func(terminal string) io.Writer
}

// play plays all lessons, tells of each, and returns how many failed. It stops early only where ctx ends.
func (g *guide) play(ctx context.Context, lessons []lesson) (failed int) {
	blocks, skipped, count := 0, 0, 0
	for _, l := range lessons {
		if len(l.blocks) == 0 && l.fences == 0 && !l.mustRun() {
			continue
		}
		r, err := g.playLesson(ctx, l)
		blocks, skipped, count = blocks+r.played, skipped+r.skipped, count+1
		if err != nil {
			failed++
			fmt.Fprintf(g.stdout, "FAIL  %s\n%s\n", l.path, err)
		} else {
			fmt.Fprintf(g.stdout, "ok  %s  %d blocks, %d skipped, %.1fs\n", l.path, r.played, r.skipped, r.took.Seconds())
		}
		if ctx.Err() != nil {
			break
		}
	}
	fmt.Fprintf(g.stdout, "guide: %d blocks run, %d skipped, in %d lessons\n", blocks, skipped, count)
	return failed
}

// playLesson plays one lesson in a copy of its own and clears everything away, whatever happens.
func (g *guide) playLesson(ctx context.Context, l lesson) (r result, err error) {
	began := time.Now()
	if len(l.blocks) == 0 && l.mustRun() {
		return r, &failure{path: l.path, line: 1, what: "a numbered lesson without a single block to run"}
	}
	temp, err := os.MkdirTemp("", "guidetest-")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	p := &player{lesson: l, dir: filepath.Join(temp, labName), env: g.env, project: g.project, limits: g.limits, tee: g.tee}
	if err := copyTree(ctx, g.root, p.dir); err != nil {
		return r, err
	}
	if p.promptFile, err = writePromptFile(temp); err != nil {
		return r, err
	}
	err = p.play(ctx)
	var difference *failure
	if errors.As(err, &difference) {
		difference.path = l.path
		difference.screens = drawScreens(p.sessions)
	}
	p.close()
	if p.composed && !g.keep {
		err = errors.Join(err, g.takeDown(ctx, p.dir))
	}
	return result{l, p.played, p.skipped, time.Since(began)}, err
}

// takeDown removes the lesson's containers, networks and volumes, also where ctx has ended. It goes through sh to
// find docker in the environment of the lesson.
func (g *guide) takeDown(ctx context.Context, dir string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.limits.slow)
	defer cancel()
	const line = "exec docker compose --profile '*' down -v --remove-orphans --timeout 5"
	command := exec.CommandContext(ctx, "sh", "-c", line)
	command.Dir = dir
	command.Env = g.env
	command.WaitDelay = hangupGrace
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Run(); err != nil {
		return fmt.Errorf("the lab could not be taken down: %w\n%s", err, output.Bytes())
	}
	return nil
}
