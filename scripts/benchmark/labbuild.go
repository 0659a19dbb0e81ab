package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// buildCold repeats every step, and gives the steps' caches (modules, compiled
// packages) a name that is new. BUILDKIT_CACHE_MOUNT_NS is BuildKit's own build
// argument for that.
func (l *lab) buildCold(ctx context.Context) (float64, error) {
	before, err := l.stepCaches(ctx)
	if err != nil {
		return 0, err
	}
	took, err := l.timed(func() error {
		return l.build(ctx, "--no-cache", "--build-arg", "BUILDKIT_CACHE_MOUNT_NS="+l.project)
	})
	after, listed := l.stepCaches(context.WithoutCancel(ctx))
	for _, id := range after {
		if !slices.Contains(before, id) {
			l.coldCaches = append(l.coldCaches, id)
		}
	}
	return took, errors.Join(err, listed)
}

func (l *lab) build(ctx context.Context, options ...string) error {
	return l.compose(ctx, append([]string{"--profile", "*", "--progress", "plain", "build"}, options...)...)
}

// buildWarm builds after an edit of one line.
func (l *lab) buildWarm(ctx context.Context) (float64, error) {
	if _, err := l.edit(); err != nil {
		return 0, err
	}
	return l.timed(func() error { return l.build(ctx) })
}

// edit changes what the upper server says to who comes, and returns that.
func (l *lab) edit() (said string, err error) {
	file := filepath.Join(l.dir, "services", "upper-server", "handler.go")
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	said = fmt.Sprintf("Hello, it is %s!\n", time.Now().Format(time.RFC3339Nano))
	edited, err := withGreeting(string(text), said)
	if err != nil {
		return "", err
	}
	return said, os.WriteFile(file, []byte(edited), 0o644)
}

// withGreeting is a Go source whose constant greeting is said.
func withGreeting(source, said string) (string, error) {
	const assignment = "\tgreeting = \""
	before, rest, found := strings.Cut(source, assignment)
	_, after, ended := strings.Cut(rest, "\"\n")
	if !found || !ended {
		return "", errors.New("the source has no constant greeting")
	}
	return before + strings.TrimSuffix(assignment, "\"") + strconv.Quote(said) + "\n" + after, nil
}

func (l *lab) imageMB(ctx context.Context, service string) (float64, error) {
	said, err := l.output(ctx, "docker", "image", "inspect", "--format", "{{.Size}}", l.project+"/"+service)
	if err != nil {
		return 0, err
	}
	size, err := strconv.ParseFloat(said, 64)
	return size / 1e6, err
}

// forgetCold deletes the caches that the cold build has filled. Docker knows no
// name of theirs: they are those that came meanwhile.
func (l *lab) forgetCold(ctx context.Context) error {
	for _, id := range l.coldCaches {
		if err := l.run(ctx, "docker", "buildx", "prune", "--force", "--filter", "id="+id); err != nil {
			return err
		}
	}
	return nil
}

// stepCaches are the caches of build steps (--mount=type=cache) that Docker has.
func (l *lab) stepCaches(ctx context.Context) ([]string, error) {
	said, err := l.output(ctx, "docker", "system", "df", "--verbose", "--format", "{{json .BuildCache}}")
	if err != nil {
		return nil, err
	}
	return parseStepCaches(said)
}

func parseStepCaches(text string) ([]string, error) {
	var caches []struct{ ID, CacheType string }
	if err := json.Unmarshal([]byte(text), &caches); err != nil {
		return nil, fmt.Errorf("not a list of build caches: %.200q: %w", text, err)
	}
	var ids []string
	for _, c := range caches {
		if c.CacheType == "exec.cachemount" {
			ids = append(ids, strings.TrimSuffix(c.ID, "*")) // *: it can be written to
		}
	}
	return ids, nil
}
