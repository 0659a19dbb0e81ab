package main

import (
	"context"
	"fmt"
	"math"
)

// held is what was seen of a server that holds a stock.
type held struct {
	Server  string `json:"server"`
	Records int    `json:"records"`
	Missing string `json:"missing,omitempty"`
	// Start is from its start to its first answer. The files are in the
	// kernel's cache, where they have just been written or read.
	Start float64 `json:"start_seconds"`
	// Lists is how a client fared that listed one prefix after another;
	// nil: the server has no such command.
	Lists *sample `json:"lists,omitempty"`
	// Reads is how clients fared that read one record after another.
	Reads sample `json:"reads"`
	// Memory when all that is done: of the process, and without the files
	// that it has mapped.
	Resident  int64 `json:"resident_bytes"`
	Anonymous int64 `json:"anonymous_bytes"`
}

// holdInTurns measures the contenders with each of the stocks.
func holdInTurns(ctx context.Context, contenders []contender, stocks []int, p pace, progress func(string, ...any)) ([]held, error) {
	var all []held
	for _, records := range stocks {
		some, err := holdStock(ctx, contenders, records, p.forGrowth(), progress)
		if err != nil {
			return nil, fmt.Errorf("holding %d records: %w", records, err)
		}
		all = append(all, some...)
	}
	return all, nil
}

// holdStock fills the contenders once, and then measures them in turns.
func holdStock(ctx context.Context, contenders []contender, records int, p pace, progress func(string, ...any)) ([]held, error) {
	var all []held
	var full []contender
	for _, c := range contenders {
		if c.missing != "" {
			all = append(all, held{Server: c.name, Records: records, Missing: c.missing})
			continue
		}
		c, err := c.holding(records).filled(ctx, progress)
		if err != nil {
			return nil, err
		}
		full = append(full, c)
	}
	for round := range p.rounds {
		for _, c := range full {
			progress("holding %d records, round %d of %d, %s", c.records, round+1, p.rounds, c.name)
			h, err := c.hold(ctx, p)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			all = append(all, h)
		}
	}
	return all, nil
}

// hold starts the contender, which is filled, and has a look at it.
func (c contender) hold(ctx context.Context, p pace) (held, error) {
	if err := awaitCalm(ctx, p.patience); err != nil {
		return held{}, err
	}
	server, err := c.start(ctx)
	if err != nil {
		return held{}, err
	}
	defer server.stop()
	h := held{Server: c.name, Records: c.records, Start: server.took.Seconds()}
	h.Reads, err = c.load(ctx, server, exchange{"read", readers, valueSize, reading(c.records)}, p)
	if err != nil {
		return held{}, err
	}
	if c.protocol.list != nil {
		lists, err := c.load(ctx, server, exchange{"list", 1, perPrefix * valueSize, listing(c.records)}, p)
		if err != nil {
			return held{}, err
		}
		h.Lists = &lists
	}
	if err := sleep(ctx, settle); err != nil {
		return held{}, err
	}
	if h.Resident, err = residentBytes(server.pid); err != nil {
		return held{}, err
	}
	h.Anonymous, err = anonymousBytes(server.pid)
	return h, err
}

func (h held) readRate() float64    { return messageRate().of(h.Reads) }
func (h held) readCPU() float64     { return cpuPerMessage().of(h.Reads) }
func (h held) readP99() float64     { return p99().of(h.Reads) }
func (h held) start() float64       { return h.Start }
func (h held) residentMB() float64  { return float64(h.Resident) / 1e6 }
func (h held) anonymousMB() float64 { return float64(h.Anonymous) / 1e6 }
func (h held) listP50() float64     { return h.listMS(p50()) }
func (h held) listP99() float64     { return h.listMS(p99()) }

// listMS is a time of its lists in milliseconds, not-a-number if it has none.
func (h held) listMS(f figure) float64 {
	if h.Lists == nil {
		return math.NaN()
	}
	return f.of(*h.Lists) / 1e3
}
