package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Where no Docker can be used, the suite has a row that says why.
func TestLabWithoutDocker(t *testing.T) {
	for name, test := range map[string]struct{ docker, want string }{
		"not installed": {"", "no docker on this machine"},
		"not running":   {"#!/bin/sh\nexit 1\n", "no answer from Docker: scripts/lab doctor says why"},
		"elsewhere": {"#!/bin/sh\ncase $1 in version) echo 20.10;; context) echo tcp://elsewhere:2375;; esac\n",
			"the engine of Docker is not on this machine, but at tcp://elsewhere:2375"},
	} {
		dir := t.TempDir()
		if test.docker != "" {
			if err := os.WriteFile(filepath.Join(dir, "docker"), []byte(test.docker), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		t.Setenv("PATH", dir)
		b := builder{checkout: "../..", dir: t.TempDir()}
		got, err := b.measureLab(t.Context(), paceOf(true), t.Logf)
		if err != nil || len(got) != 1 || got[0].Missing != test.want {
			t.Errorf("%s: got %+v, %v; want a row that says %q", name, got, err, test.want)
		}
	}
}

// The copy has what a build needs, and nothing of it is the checkout's own.
func TestCopyLab(t *testing.T) {
	to := t.TempDir()
	if err := copyLab("../..", to); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"docker-compose.yml", ".dockerignore", "services/Dockerfile", "scripts/lab", "lab-guide/talks"} {
		if _, err := os.Stat(filepath.Join(to, name)); err != nil {
			t.Error(err)
		}
	}
	l := &lab{dir: to}
	said, err := l.edit()
	if err != nil {
		t.Fatal(err)
	}
	const file = "services/upper-server/handler.go"
	edited, err := os.ReadFile(filepath.Join(to, file))
	if err != nil || !strings.Contains(string(edited), fmt.Sprintf("greeting = %q", said)) {
		t.Errorf("the copy has no greeting %q: %v", said, err)
	}
	original, err := os.ReadFile(filepath.Join("../..", file))
	if err != nil || strings.Count(string(original), "\n") != strings.Count(string(edited), "\n") {
		t.Errorf("more than a line was edited: %v", err)
	}
	if next, err := l.edit(); err != nil || next == said {
		t.Errorf("the second edit says %q again: %v", next, err)
	}
}

func TestWithGreeting(t *testing.T) {
	for source, want := range map[string]string{
		"const (\n\tgreeting = \"Hello!\\n\"\n\tquit = \"QUIT\"\n)\n": "const (\n\tgreeting = \"New\\n\"\n\tquit = \"QUIT\"\n)\n",
		"const quit = \"QUIT\"\n":                                     "",
		"\tgreeting = \"Hello":                                        "",
	} {
		got, err := withGreeting(source, "New\n")
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v; want %q", source, got, err, want)
		}
	}
}

func TestGreetedBy(t *testing.T) {
	addr := serve(t, func(conn net.Conn) { io.WriteString(conn, "Hello!\n") })
	_, port, _ := net.SplitHostPort(addr)
	var number int
	fmt.Sscan(port, &number)
	if got := greetedBy(number, len("Hello!\n")); got != "Hello!\n" {
		t.Errorf("got %q", got)
	}
	free, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	if got := greetedBy(free, 1); got != "" {
		t.Errorf("got %q from nobody", got)
	}
}

// What a program says may come in pieces.
func TestLookout(t *testing.T) {
	o := newLookout("Watch enabled")
	for _, piece := range []string{"\x1b[2KWatch", " ena"} {
		o.Write([]byte(piece))
	}
	select {
	case <-o.seen:
		t.Error("seen before it was said")
	default:
	}
	o.Write([]byte("bled\n"))
	o.Write([]byte("Watch enabled again\n"))
	select {
	case <-o.seen:
	default:
		t.Error("said, and not seen")
	}
}

func TestParseStepCaches(t *testing.T) {
	got, err := parseStepCaches(`[{"ID":"a1*","CacheType":"regular"},{"ID":"b2*","CacheType":"exec.cachemount"},{"ID":"c3","CacheType":"exec.cachemount"}]`)
	if err != nil || !slices.Equal(got, []string{"b2", "c3"}) {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := parseStepCaches("Cannot connect"); err == nil {
		t.Errorf("got %q, want an error", got)
	}
}

const (
	onCgroup1 = `{"cpu_stats":{"cpu_usage":{"total_usage":1500000000}},
		"memory_stats":{"usage":9000000,"stats":{"inactive_file":1,"total_inactive_file":4000000}}}`
	onCgroup2 = `{"cpu_stats":{"cpu_usage":{"total_usage":500000000}},"memory_stats":{"usage":2000000,"stats":{"inactive_file":500000}}}`
	stopped   = `{"cpu_stats":{"cpu_usage":{"total_usage":0}},"memory_stats":{}}`
)

func TestParseSpent(t *testing.T) {
	for text, want := range map[string]spent{onCgroup1: {cpu: 1.5, memory: 5e6}, onCgroup2: {cpu: 0.5, memory: 1.5e6}} {
		if got, err := parseSpent([]byte(text)); err != nil || got != want {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	}
	for _, text := range []string{"", "{}", stopped, `{"memory_stats":{"usage":1}}`} {
		if got, err := parseSpent([]byte(text)); err == nil {
			t.Errorf("%q: got %+v, want an error", text, got)
		}
	}
}

// The engine is asked for each container, through its socket.
func TestEngineAddsUpContainers(t *testing.T) {
	// Not in t.TempDir: the path of a socket has 108 bytes at most.
	dir, err := os.MkdirTemp("", "engine")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "docker.sock")
	ln, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]string{"one": onCgroup1, "two": onCgroup2}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := strings.Split(r.URL.Path, "/")[3] // /v1.41/containers/ID/stats
		if answers[id] == "" || r.URL.Query().Get("stream") != "false" {
			http.Error(w, "no such container", http.StatusNotFound)
			return
		}
		io.WriteString(w, answers[id])
	})}
	go server.Serve(ln)
	t.Cleanup(func() { server.Close() })

	bin := t.TempDir()
	script := "#!/bin/sh\ncase $1 in version) echo 20.10;; context) echo unix://" + socket + ";; esac\n"
	if err := os.WriteFile(filepath.Join(bin, "docker"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin)
	e, err := findEngine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got, err := e.use(t.Context(), []string{"one", "two"})
	if err != nil || got.cpu != 2 || got.memory != 6.5e6 || got.machine <= 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := e.use(t.Context(), []string{"one", "three"}); err == nil || !strings.Contains(err.Error(), "no such container") {
		t.Errorf("got %+v, %v; want an error", got, err)
	}
}
