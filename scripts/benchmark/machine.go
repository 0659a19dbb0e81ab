package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
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
	Docker string `json:"docker"`
	// Commit is the lab that was measured; "+" behind it: with changes.
	Commit string `json:"commit"`
}

func thisMachine(ctx context.Context, checkout string) machine {
	model, cores := cpuModel()
	return machine{
		CPU:    model,
		Cores:  cores,
		Kernel: firstLine(ctx, "uname", "-sr"),
		Go:     runtime.Version(),
		Node:   version(ctx, "node", "--version"),
		CC:     version(ctx, "cc", "--version"),
		Socat:  version(ctx, "socat", "-V"),
		IRC:    version(ctx, "ngircd", "--version"),
		Redis:  version(ctx, "redis-server", "--version"),
		Docker: version(ctx, "docker", "version", "--format", "{{.Server.Version}}"),
		Commit: firstLine(ctx, "git", "-C", checkout, "describe", "--always", "--dirty=+"),
	}
}

func (m machine) String() string {
	var words []string
	for _, part := range m.parts() {
		words = append(words, part[0]+" "+part[1])
	}
	return strings.Join(words, "; ")
}

// parts are the names of what there is, and which it is.
func (m machine) parts() [][2]string {
	return [][2]string{
		{"processor", fmt.Sprintf("%s, %d cores", m.CPU, m.Cores)}, {"kernel", m.Kernel}, {"Go", m.Go}, {"Node", m.Node},
		{"C compiler", m.CC}, {"socat", m.Socat}, {"ngircd", m.IRC}, {"Redis", m.Redis}, {"Docker", m.Docker}, {"lab", m.Commit},
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

// version is the first number with a dot that a command prints, or "none".
func version(ctx context.Context, name string, args ...string) string {
	text, err := exec.CommandContext(ctx, name, args...).Output()
	number := regexp.MustCompile(`[0-9]+(\.[0-9]+)+`).Find(text)
	if err != nil || number == nil {
		return "none"
	}
	return string(number)
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
