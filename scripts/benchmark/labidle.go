package main

import (
	"context"
	"strings"
	"time"
)

// upAfresh starts the lab where no container and no network of it is.
func (l *lab) upAfresh(ctx context.Context) (float64, error) {
	if err := l.compose(ctx, "down", "--remove-orphans"); err != nil {
		return 0, err
	}
	return l.timed(func() error { return l.compose(ctx, "up", "--detach", "--wait", "--wait-timeout", "90") })
}

// idleWindow is four times as long as from one health check to the next.
const idleWindow = 20 * time.Second

func idleWindowOf(p pace) time.Duration {
	if p.few {
		return idleWindow / 4
	}
	return idleWindow
}

// idle measures the lab, which is up, while nobody uses it. without is what the
// machine used when the lab was not up: that is not the lab's.
func (l *lab) idle(ctx context.Context, without spent, long time.Duration, rounds int) ([]measured, error) {
	ids, err := l.output(ctx, "docker", "compose", "ps", "--quiet")
	if err != nil {
		return nil, err
	}
	memory, cpu, docker := measured{What: idleMemory}, measured{What: idleCPU}, measured{What: dockerCPU}
	for range rounds {
		with, err := l.engine.spentIn(ctx, strings.Fields(ids), long)
		if err != nil {
			return nil, err
		}
		memory.Rounds = append(memory.Rounds, float64(with.memory)/1e6)
		cpu.Rounds = append(cpu.Rounds, 100*with.cpu)
		docker.Rounds = append(docker.Rounds, 100*(with.machine-without.machine-with.cpu))
	}
	return []measured{memory, cpu, docker}, nil
}

// spentIn is what containers and machine use meanwhile: CPU seconds a second,
// and the memory at its end.
func (e engine) spentIn(ctx context.Context, containers []string, long time.Duration) (spent, error) {
	before, err := e.use(ctx, containers)
	if err != nil {
		return spent{}, err
	}
	if err := sleep(ctx, long); err != nil {
		return spent{}, err
	}
	after, err := e.use(ctx, containers)
	seconds := after.at.Sub(before.at).Seconds()
	return spent{
		at: after.at, memory: after.memory,
		cpu: (after.cpu - before.cpu) / seconds, machine: (after.machine - before.machine) / seconds,
	}, err
}
