package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A suite is one comparison: contenders under loads, and how good it has to be.
type suite struct {
	note string // what a reader of its tables should know; "": nothing
	// headline is the result in a sentence, in Markdown.
	headline   func(*report) string
	bars       []bar
	trials     []trial
	ratios     []ratio
	growths    []growth
	idlers     []idler
	idleBounds []idleBound
	holders    []contender
	stocks     []int // records that they hold, ascending
	heldBounds []heldBound
	// lab measures the lab as a whole; nil: this suite does not.
	lab       func(context.Context, pace, func(string, ...any)) ([]measured, error)
	labBounds []labBound
}

// A trial is a load and the contenders that take it in turns.
type trial struct {
	load       load
	contenders []contender
}

// pace is how long a run takes.
type pace struct {
	rounds     int
	warmUp     time.Duration
	window     time.Duration
	retries    int           // of a disturbed sample
	patience   time.Duration // until the machine is calm
	idleRounds int
	few        bool // sizes, of what is measured at several
}

func paceOf(quick bool) pace {
	if quick {
		return pace{rounds: 1, warmUp: 100 * time.Millisecond, window: 300 * time.Millisecond, idleRounds: 1, few: true}
	}
	return pace{
		rounds: 5, warmUp: 500 * time.Millisecond, window: 1200 * time.Millisecond, retries: 2, patience: 5 * time.Second,
		idleRounds: 2,
	}
}

// forGrowth is for many sizes, of which each needs less: the fit is over all.
func (p pace) forGrowth() pace {
	p.rounds = min(p.rounds, 3)
	p.warmUp = min(p.warmUp, 300*time.Millisecond)
	p.window = min(p.window, 800*time.Millisecond)
	p.retries = min(p.retries, 1)
	return p
}

// some are the sizes that are measured at this pace.
func (p pace) some(sizes []int) []int {
	if p.few {
		return sizes[:min(len(sizes), 2)]
	}
	return sizes
}

// A row is one contender under one load, all rounds.
type row struct {
	Load    string   `json:"load"`
	Size    int      `json:"size,omitempty"` // of what grows
	Server  string   `json:"server"`
	Missing string   `json:"missing,omitempty"`
	Samples []sample `json:"samples"`
}

// series is one figure of the row, round by round.
func (r row) series(f figure) series {
	var s series
	for _, sample := range r.Samples {
		s = append(s, f.of(sample))
	}
	return s
}

// measure runs the whole suite.
func measure(ctx context.Context, s suite, p pace, progress func(string, ...any)) (*report, error) {
	r := newReport(p)
	r.Note = s.note
	for _, t := range s.trials {
		rows, err := t.inTurns(ctx, p, progress)
		if err != nil {
			return nil, err
		}
		r.Rows = append(r.Rows, rows...)
	}
	for _, g := range s.growths {
		rows, err := g.measure(ctx, p, progress)
		if err != nil {
			return nil, err
		}
		r.Growth = append(r.Growth, rows...)
	}
	for range p.idleRounds {
		for _, idler := range s.idlers {
			progress("idle, %s", idler.contender.name)
			steps, err := idler.measure(ctx, p)
			if err != nil {
				return nil, err
			}
			r.Idle = append(r.Idle, steps...)
		}
	}
	held, err := holdInTurns(ctx, s.holders, p.some(s.stocks), p, progress)
	if err != nil {
		return nil, err
	}
	r.Held = held
	r.Curves = r.curves(s)
	if s.lab != nil {
		if r.Lab, err = s.lab(ctx, p, progress); err != nil {
			return nil, err
		}
	}
	r.judge(s)
	return r, nil
}

// inTurns measures A B C, A B C …, and not A A B B C C: a disturbance then
// falls on all of them and not on one.
func (t trial) inTurns(ctx context.Context, p pace, progress func(string, ...any)) ([]row, error) {
	contenders := make([]contender, len(t.contenders))
	rows := make([]row, len(t.contenders))
	for i, c := range t.contenders {
		var err error
		if contenders[i], err = c.filled(ctx, progress); err != nil {
			return nil, err
		}
		rows[i] = row{Load: t.load.title(), Server: c.name, Missing: c.missing}
	}
	for round := range p.rounds {
		for i, c := range contenders {
			if rows[i].Missing != "" {
				continue
			}
			progress("%s, round %d of %d, %s", t.load.title(), round+1, p.rounds, c.name)
			got, err := c.measureCalmly(ctx, t.load, p)
			few := errFewDescriptors{}
			if errors.As(err, &few) {
				rows[i].Missing = few.Error()
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			rows[i].Samples = append(rows[i].Samples, got)
		}
	}
	return rows, nil
}

// measure starts the contender afresh, loads it, and ends it.
func (c contender) measure(ctx context.Context, l load, p pace) (sample, error) {
	server, err := c.start(ctx)
	if err != nil {
		return sample{}, err
	}
	defer server.stop()
	if err := server.mayHold(len(l.clients())); err != nil {
		return sample{}, err
	}
	return c.load(ctx, server, l, p)
}

// errSilence is a window in which nothing came across from its begin to its end.
var errSilence = errors.New("not one message")

// longWindow is long enough for one message, whatever else the machine has to do.
const longWindow = 4 * time.Second

// load lets the clients of l talk to the contender's server. Where the window is
// too short for a message, as it may be on a machine with other work, a longer
// one is tried.
func (c contender) load(ctx context.Context, server *process, l load, p pace) (sample, error) {
	for {
		got, err := c.loadOnce(ctx, server, l, p)
		if !errors.Is(err, errSilence) || p.window >= longWindow {
			return got, err
		}
		p.window *= 4
	}
}

func (c contender) loadOnce(ctx context.Context, server *process, l load, p pace) (sample, error) {
	conns, err := c.protocol.enterAll(ctx, server.addr, l.clients())
	if err != nil {
		return sample{}, err
	}
	defer closeAll(conns)
	l = l.prepared(c.protocol)
	w := window{begin: time.Now().Add(p.warmUp)}
	w.end = w.begin.Add(p.window)
	for _, conn := range conns {
		conn.SetDeadline(w.end.Add(lateLimit))
	}

	meter := make(chan metered, 1)
	go func() { meter <- meterWindow(ctx, server.pid, w) }()
	times, err := l.run(ctx, conns, c.protocol, w)
	used := <-meter
	if err != nil {
		return sample{}, err
	}
	if used.err != nil {
		return sample{}, used.err
	}
	if times.TotalCount() == 0 {
		return sample{}, fmt.Errorf("%w in %s", errSilence, p.window)
	}
	return sample{
		Messages: times.TotalCount(), Bytes: times.TotalCount() * int64(l.messageSize()), Seconds: used.seconds,
		ServerCPU: used.server, GeneratorCPU: used.generator, OtherCPU: used.machine - used.server - used.generator,
		P50: times.ValueAtQuantile(50), P99: times.ValueAtQuantile(99), P999: times.ValueAtQuantile(99.9),
	}, nil
}
