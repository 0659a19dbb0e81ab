package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// A builder makes contenders out of source.
type builder struct {
	checkout string
	dir      string // for binaries
	core     string // that servers run on; "": any
}

// Flags of the lab's own images, see services/Dockerfile.
const goLinkerFlags = "-s -w"

// goService builds one of the lab's services and returns the binary's path.
func (b builder) goService(ctx context.Context, name string) (string, error) {
	binary := filepath.Join(b.dir, name)
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", goLinkerFlags, "-o", binary, ".")
	cmd.Dir = filepath.Join(b.checkout, "services", name)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building %s: %w\n%s", name, err, said)
	}
	return binary, nil
}

// service makes a contender of a binary and the settings it runs with.
func (b builder) service(name string, p protocol, binary, addrSetting string, settings ...string) contender {
	return contender{name: name, protocol: p, command: func(ctx context.Context, port int) (*exec.Cmd, error) {
		cmd := b.onCore(ctx, binary)
		cmd.Dir = filepath.Dir(binary) // no .env there
		cmd.Env = append(os.Environ(), addrSetting+"=127.0.0.1:"+strconv.Itoa(port))
		cmd.Env = append(cmd.Env, settings...)
		return cmd, nil
	}}
}

// inC makes a contender of a C file among the peers.
func (b builder) inC(ctx context.Context, name string, p protocol, file string) (contender, error) {
	compiler, err := exec.LookPath("cc")
	if errors.Is(err, exec.ErrNotFound) {
		return contender{name: name, missing: "no cc on this machine"}, nil
	}
	binary := filepath.Join(b.dir, file+".bin")
	cmd := exec.CommandContext(ctx, compiler, "-O2", "-o", binary, b.peer(file))
	if said, err := cmd.CombinedOutput(); err != nil {
		return contender{}, fmt.Errorf("compiling %s: %w\n%s", file, err, said)
	}
	return contender{name: name, protocol: p, command: func(ctx context.Context, port int) (*exec.Cmd, error) {
		return b.onCore(ctx, binary, strconv.Itoa(port)), nil
	}}, nil
}

// inNode makes a contender of a Node program among the peers, in one mode.
func (b builder) inNode(name string, p protocol, file, mode string) contender {
	node, err := exec.LookPath("node")
	if err != nil {
		return contender{name: name, missing: "no node on this machine"}
	}
	return contender{name: name, protocol: p, command: func(ctx context.Context, port int) (*exec.Cmd, error) {
		return b.onCore(ctx, node, b.peer(file), mode, strconv.Itoa(port)), nil
	}}
}

// onCore is the command of a server. taskset becomes the server (exec(2)), so
// that its process is the server's.
func (b builder) onCore(ctx context.Context, argv ...string) *exec.Cmd {
	if b.core != "" {
		argv = append([]string{"taskset", "-c", b.core}, argv...)
	}
	return exec.CommandContext(ctx, argv[0], argv[1:]...)
}

// peer is the path of a peer's source.
func (b builder) peer(file string) string {
	return filepath.Join(b.checkout, "scripts", "benchmark", "peers", file)
}
