package main

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// A machine is where the figures come from; without it they mean nothing.
type machine struct {
	CPU    string `json:"cpu"`
	Cores  int    `json:"cores"`
	Kernel string `json:"kernel"`
	Go     string `json:"go"`
	Node   string `json:"node"`
	CC     string `json:"cc"`
	Socat  string `json:"socat"`
	IRC    string `json:"irc"`
	Redis  string `json:"redis"`
}

func thisMachine(ctx context.Context) machine {
	model, cores := cpuModel()
	return machine{
		CPU:    model,
		Cores:  cores,
		Kernel: firstLine(ctx, "uname", "-sr"),
		Go:     runtime.Version(),
		Node:   firstLine(ctx, "node", "--version"),
		CC:     firstLine(ctx, "cc", "--version"),
		IRC:    firstLine(ctx, "ngircd", "--version"),
		Redis:  firstLine(ctx, "redis-server", "--version"),
	}
}

// firstLine is the first line a command prints, or "none".
func firstLine(ctx context.Context, name string, args ...string) string {
	text, err := exec.CommandContext(ctx, name, args...).Output()
	if err != nil {
		return "none"
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}

// cpuModel reads /proc/cpuinfo, which has a paragraph for each core. (The
// runtime counts only those that this process may use.)
func cpuModel() (model string, cores int) {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown", runtime.NumCPU()
	}
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
			cores++
		}
	}
	return model, max(cores, 1)
}
