package main

import (
	"context"
	"fmt"
	"net"
	"time"
)

// An idler measures what clients cost a server that enter and then say
// nothing.
type idler struct {
	contender contender
	// perConn is how many descriptors a connection takes there, to know
	// beforehand what the limit allows.
	perConn int
	clients []int // ascending
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
func (i idler) measure(ctx context.Context) ([]idleStep, error) {
	name := i.contender.name
	if i.contender.missing != "" {
		return []idleStep{{Server: name, Missing: i.contender.missing}}, nil
	}
	server, err := i.contender.start(ctx)
	if err != nil {
		return nil, err
	}
	defer server.stop()
	limit, err := descriptorLimit(server.pid)
	if err != nil {
		return nil, err
	}

	var steps []idleStep
	var conns []net.Conn
	defer func() { closeAll(conns) }()
	for _, clients := range i.clients {
		const spare = 100 // a program has other files open too
		if needed := clients*i.perConn + spare; needed > limit {
			steps = append(steps, idleStep{Server: name, Clients: clients,
				Missing: fmt.Sprintf("needs %d descriptors, ulimit -n is %d", needed, limit)})
			continue
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

// perConnection is how many descriptors an idle client takes.
func perConnection(empty, full idleStep) float64 {
	return float64(full.Descriptors-empty.Descriptors) / float64(full.Clients-empty.Clients)
}
