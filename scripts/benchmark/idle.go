package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"time"
)

// An idler measures what clients cost a server that enter and then say
// nothing.
type idler struct {
	contender contender
	clients   []int // ascending
}

// idleStep is a server with so many idle clients.
type idleStep struct {
	Server      string `json:"server"`
	Clients     int    `json:"clients"`
	Missing     string `json:"missing,omitempty"`
	Resident    int64  `json:"resident_bytes"`
	Descriptors int    `json:"descriptors"`
}

// settle is how long a server has to put away what a rush of clients made it
// take out. No garbage collector is hurried.
const settle = time.Second

// measure starts the contender afresh and adds clients step by step.
func (i idler) measure(ctx context.Context, p pace) ([]idleStep, error) {
	name := i.contender.name
	if i.contender.missing != "" {
		return []idleStep{{Server: name, Missing: i.contender.missing}}, nil
	}
	server, err := i.contender.start(ctx)
	if err != nil {
		return nil, err
	}
	defer server.stop()
	var steps []idleStep
	var conns []net.Conn
	defer func() { closeAll(conns) }()
	for _, clients := range p.some(i.clients) {
		few := errFewDescriptors{}
		if err := server.mayHold(clients); errors.As(err, &few) {
			steps = append(steps, idleStep{Server: name, Clients: clients, Missing: few.Error()})
			continue
		} else if err != nil {
			return nil, err
		}
		if conns, err = i.contender.protocol.addIdle(ctx, conns, clients, server.addr); err != nil {
			return nil, fmt.Errorf("%s, after %d idle clients: %w", name, len(conns), err)
		}
		step, err := server.look(ctx)
		if err != nil {
			return nil, err
		}
		step.Server, step.Clients = name, clients
		steps = append(steps, step)
	}
	return steps, nil
}

// errFewDescriptors is why a server cannot hold as many clients as it should.
type errFewDescriptors struct{ needed, limit int }

func (e errFewDescriptors) Error() string {
	return fmt.Sprintf("needs %d descriptors, ulimit -n is %d", e.needed, e.limit)
}

// mayHold finds out whether the server's limit allows so many clients.
func (p *process) mayHold(clients int) error {
	limit, err := descriptorLimit(p.pid)
	if err != nil {
		return err
	}
	const spare = 100 // a program has other files open too
	if needed := clients*p.perConn + spare; needed > limit {
		return errFewDescriptors{needed, limit}
	}
	return nil
}

// addIdle opens connections until there are n. A hundred at a time enter, and
// share a channel where the server has such.
func (p protocol) addIdle(ctx context.Context, conns []net.Conn, n int, addr string) ([]net.Conn, error) {
	const hundred = 100
	for len(conns) < n {
		more, err := p.enterAll(ctx, addr, inChannelsOf(hundred, len(conns), min(len(conns)+hundred, n)))
		if err != nil {
			return conns, err
		}
		conns = append(conns, more...)
	}
	return conns, nil
}

// look reads memory and descriptors of the server when it has settled.
func (p *process) look(ctx context.Context) (idleStep, error) {
	if err := sleep(ctx, settle); err != nil {
		return idleStep{}, err
	}
	resident, err := residentBytes(p.pid)
	if err != nil {
		return idleStep{}, err
	}
	open, err := openDescriptors(p.pid)
	return idleStep{Resident: resident, Descriptors: open}, err
}

// residentMB is the memory of a server with idle clients.
func residentMB(_, full idleStep) float64 { return float64(full.Resident) / 1e6 }

// kibPerConnection is what an idle client adds to that; not-a-number without
// clients.
func kibPerConnection(empty, full idleStep) float64 {
	if full.Clients == empty.Clients {
		return math.NaN()
	}
	return float64(full.Resident-empty.Resident) / 1024 / float64(full.Clients-empty.Clients)
}

func descriptors(_, full idleStep) float64 { return float64(full.Descriptors) }

// perConnection is how many descriptors an idle client takes; not-a-number
// without clients.
func perConnection(empty, full idleStep) float64 {
	if full.Clients == empty.Clients {
		return math.NaN()
	}
	return float64(full.Descriptors-empty.Descriptors) / float64(full.Clients-empty.Clients)
}
