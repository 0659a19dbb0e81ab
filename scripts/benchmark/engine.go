package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// An engine is Docker's, as its API knows it: what containers use, to the
// nanosecond. `docker stats` rounds it, and looks at one second alone.
type engine struct{ client *http.Client }

// findEngine says in its error why none can be used.
func findEngine(ctx context.Context) (engine, error) {
	if firstLine(ctx, "docker", "version", "--format", "{{.Server.Version}}") == "none" {
		return engine{}, errors.New("no answer from Docker: scripts/lab doctor says why")
	}
	host := firstLine(ctx, "docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}")
	path, local := strings.CutPrefix(host, "unix://")
	if !local {
		return engine{}, fmt.Errorf("the engine of Docker is not on this machine, but at %s", host)
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}
	return engine{&http.Client{Transport: &http.Transport{DialContext: dial}, Timeout: 10 * time.Second}}, nil
}

// spent is what containers have used up to a moment.
type spent struct {
	at      time.Time
	cpu     float64 // seconds, since they began
	memory  int64   // bytes, at this moment
	machine float64 // CPU seconds of everything on this machine
}

// use asks for each of the containers.
func (e engine) use(ctx context.Context, containers []string) (spent, error) {
	sum := spent{at: time.Now()}
	for _, id := range containers {
		one, err := e.useOf(ctx, id)
		if err != nil {
			return spent{}, err
		}
		sum.cpu += one.cpu
		sum.memory += one.memory
	}
	var err error
	sum.machine, err = machineSeconds()
	return sum, err
}

// useOf asks for one container. It is not let wait for a second sample
// (one-shot, since API 1.41).
func (e engine) useOf(ctx context.Context, id string) (spent, error) {
	url := "http://docker/v1.41/containers/" + id + "/stats?stream=false&one-shot=true"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return spent{}, err
	}
	answer, err := e.client.Do(request)
	if err != nil {
		return spent{}, err
	}
	defer answer.Body.Close()
	const enough = 1 << 20
	text, err := io.ReadAll(io.LimitReader(answer.Body, enough))
	if err != nil {
		return spent{}, err
	}
	if answer.StatusCode != http.StatusOK {
		return spent{}, fmt.Errorf("the engine says %s: %.200s", answer.Status, text)
	}
	return parseSpent(text)
}

// parseSpent takes CPU time and memory out of an answer of the engine's. Memory
// is counted as `docker stats` does: without what is in the kernel's cache and
// has not been used of late.
func parseSpent(text []byte) (spent, error) {
	var said struct {
		CPU struct {
			Usage struct {
				Nanoseconds *int64 `json:"total_usage"`
			} `json:"cpu_usage"`
		} `json:"cpu_stats"`
		Memory struct {
			Usage *int64 `json:"usage"`
			Stats struct {
				V1 int64 `json:"total_inactive_file"` // of cgroups version 1
				V2 int64 `json:"inactive_file"`       // of version 2; 1 has it too, for the container alone
			} `json:"stats"`
		} `json:"memory_stats"`
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return spent{}, fmt.Errorf("not Docker's figures: %.200q: %w", text, err)
	}
	if said.CPU.Usage.Nanoseconds == nil || said.Memory.Usage == nil {
		return spent{}, fmt.Errorf("figures without CPU time or memory; has the container ended? %.200q", text)
	}
	inactive := max(said.Memory.Stats.V1, said.Memory.Stats.V2)
	return spent{cpu: float64(*said.CPU.Usage.Nanoseconds) / 1e9, memory: *said.Memory.Usage - inactive}, nil
}
