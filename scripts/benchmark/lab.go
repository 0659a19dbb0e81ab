package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// measured is one figure of the lab as a whole.
type measured struct {
	What    string    `json:"what"` // and its unit
	Rounds  []float64 `json:"rounds"`
	Missing string    `json:"missing,omitempty"` // why there are none
}

// What is measured of the whole lab.
const (
	coldBuild  = "cold build of all images, s"
	warmBuild  = "build after an edited line, s"
	upHealthy  = "up, until every server is healthy, s"
	idleMemory = "idle, memory of all containers, MB"
	idleCPU    = "idle, CPU of all containers, % of a core"
	dockerCPU  = "idle, CPU of Docker itself, for the health checks, % of a core"
	editToLive = "edit to live with docker compose watch, s"
)

func imageOf(service string) string { return "image of " + service + ", MB" }

// servers are those whose images have a target, and that up starts.
func servers() []string { return []string{"echo-server", "upper-server", "chat-server", "crud-server"} }

// labSuite measures the lab as its learners have it: in Docker.
func labSuite(_ context.Context, b builder) (suite, error) {
	s := suite{
		note: "Cold: each step again, no module and no compiled package kept, all downloaded; the base images (Go's compiler, Debian) " +
			"are there. Idle: with the health checks, four every five seconds; what these do in the containers is the containers' CPU. " +
			"Docker itself: what the machine uses with the lab, less what it uses without, less the containers; on a machine that " +
			"has other work this is noise.",
		headline: func(r *report) string {
			return fmt.Sprintf("**The whole lab** is up in %s s, and idle takes %s MB and %s %% of a core.", number(r.labSeries(upHealthy).median()),
				number(r.labSeries(idleMemory).median()), number(r.labSeries(idleCPU).median()))
		},
		lab: b.measureLab,
		labBounds: []labBound{
			{upHealthy, atMost(10)}, {idleMemory, atMost(60)}, {idleCPU, atMost(3)},
		},
	}
	for _, server := range servers() {
		s.labBounds = append(s.labBounds, labBound{imageOf(server), atMost(6)})
	}
	return s, nil
}

// measureLab makes a lab of its own, measures it, and deletes it whatever
// happens. Where there can be none, it says so instead.
func (b builder) measureLab(ctx context.Context, p pace, progress func(string, ...any)) (all []measured, err error) {
	progress("lab, looking at this machine's Docker")
	l, missing, err := b.newLab(ctx)
	if missing != "" || err != nil {
		return []measured{{What: "the whole lab", Missing: missing}}, err
	}
	defer func() { err = errors.Join(err, l.remove(ctx)) }()
	return l.measure(ctx, p, progress)
}

// A lab is a copy of the lab, with a project name, images and ports of its own:
// no other lab on this machine is in its way, or is touched.
type lab struct {
	dir     string
	project string
	port    int // of its upper server, on 127.0.0.1
	engine  engine
	// coldCaches are what the cold build has filled, by Docker's numbers.
	coldCaches []string
}

// newLab copies the lab and gets what it needs, as scripts/lab up does. missing
// says why there can be none.
func (b builder) newLab(ctx context.Context) (l *lab, missing string, err error) {
	if _, err := exec.LookPath("docker"); err != nil {
		return nil, "no docker on this machine", nil
	}
	eng, err := findEngine(ctx)
	if err != nil {
		return nil, err.Error(), nil
	}
	port, err := freePort()
	if err != nil {
		return nil, "", err
	}
	l = &lab{dir: filepath.Join(b.dir, "lab"), project: fmt.Sprintf("socket-lab-bench-%d", os.Getpid()), port: port, engine: eng}
	if err := copyLab(b.checkout, l.dir); err != nil {
		return nil, "", err
	}
	if err := l.run(ctx, "scripts/lab", "doctor", "--fix"); err != nil {
		return nil, err.Error(), ctx.Err()
	}
	return l, "", nil
}

// copyLab copies what Docker and scripts/lab need. .env, which need not be
// there, says what the lab is built on.
func copyLab(from, to string) error {
	for _, folder := range []string{"services", "scripts/lab.d", "lab-guide/talks"} {
		if err := os.CopyFS(filepath.Join(to, folder), os.DirFS(filepath.Join(from, folder))); err != nil {
			return err
		}
	}
	for _, name := range []string{"docker-compose.yml", ".dockerignore", "scripts/lab", ".env.example", ".env"} {
		text, err := os.ReadFile(filepath.Join(from, name))
		if name == ".env" && errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), text, 0o755); err != nil {
			return err
		}
	}
	return nil
}

func (l *lab) measure(ctx context.Context, p pace, progress func(string, ...any)) ([]measured, error) {
	f := &findings{progress: progress}
	err := l.measureBuilding(ctx, p, f)
	if err == nil {
		err = l.measureRunning(ctx, p, f)
	}
	return f.all, err
}

// labRounds are fewer than those of a load: each takes seconds, and they differ
// little.
func labRounds(p pace) int { return min(p.rounds, 3) }

func (l *lab) measureBuilding(ctx context.Context, p pace, f *findings) error {
	if !p.few { // a minute or two, mostly for downloads
		if err := f.add(ctx, coldBuild, 1, l.buildCold); err != nil {
			return err
		}
	}
	f.progress("lab, building")
	if err := l.build(ctx); err != nil {
		return err
	}
	if err := f.add(ctx, warmBuild, labRounds(p), l.buildWarm); err != nil {
		return err
	}
	for _, service := range servers() {
		size := func(ctx context.Context) (float64, error) { return l.imageMB(ctx, service) }
		if err := f.add(ctx, imageOf(service), 1, size); err != nil {
			return err
		}
	}
	return nil
}

func (l *lab) measureRunning(ctx context.Context, p pace, f *findings) error {
	f.progress("lab, the machine without it")
	without, err := l.engine.spentIn(ctx, nil, idleWindowOf(p))
	if err != nil {
		return err
	}
	if err := f.add(ctx, upHealthy, labRounds(p), l.upAfresh); err != nil {
		return err
	}
	f.progress("lab, idle")
	idle, err := l.idle(ctx, without, idleWindowOf(p), labRounds(p))
	if err != nil {
		return err
	}
	f.all = append(f.all, idle...)
	if p.few {
		return nil
	}
	return l.watching(ctx, func(ctx context.Context) error { return f.add(ctx, editToLive, labRounds(p), l.editToLive) })
}

// findings are what has been measured so far.
type findings struct {
	all      []measured
	progress func(string, ...any)
}

// add measures so many rounds of one figure.
func (f *findings) add(ctx context.Context, what string, rounds int, once func(context.Context) (float64, error)) error {
	m := measured{What: what}
	for round := range rounds {
		f.progress("lab, %s, round %d of %d", what, round+1, rounds)
		value, err := once(ctx)
		if err != nil {
			return fmt.Errorf("lab, %s: %w", what, err)
		}
		m.Rounds = append(m.Rounds, value)
	}
	f.all = append(f.all, m)
	return nil
}
