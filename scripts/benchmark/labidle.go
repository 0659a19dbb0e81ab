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

// idle measures the lab while nobody uses it.
func (l *lab) idle(ctx context.Context, p pace, rounds int) ([]measured, error) {
	ids, err := l.output(ctx, "docker", "compose", "ps", "--quiet")
	if err != nil {
		return nil, err
	}
	memory, cpu, machine := measured{What: idleMemory}, measured{What: idleCPU}, measured{What: busyEngine}
	long := idleWindow
	if p.few {
		long = 5 * time.Second
	}
	for range rounds {
		before, err := l.engine.use(ctx, strings.Fields(ids))
		if err != nil {
			return nil, err
		}
		if err := sleep(ctx, long); err != nil {
			return nil, err
		}
		after, err := l.engine.use(ctx, strings.Fields(ids))
		if err != nil {
			return nil, err
		}
		seconds := after.at.Sub(before.at).Seconds()
		memory.Rounds = append(memory.Rounds, float64(after.memory)/1e6)
		cpu.Rounds = append(cpu.Rounds, 100*(after.cpu-before.cpu)/seconds)
		machine.Rounds = append(machine.Rounds, 100*(after.machine-before.machine)/seconds)
	}
	return []measured{memory, cpu, machine}, nil
}
