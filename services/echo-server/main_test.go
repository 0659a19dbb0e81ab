package main

import (
	"strings"
	"testing"

	"socketlab/kit/nettest"
)

func TestMain(m *testing.M) { nettest.Main(m, main) }

func TestProgram(t *testing.T) {
	same := func(word string) string { return word }
	nettest.Server{
		Name:    "echo-server",
		AddrVar: "ECHO_ADDR",
		Modes:   []string{"ECHO_MODE=manual", "ECHO_MODE=pipe", "ECHO_MODE=both"},
		Say:     same,
		Answer:  same,
	}.TestProgram(t)
}

func TestAWrongMode(t *testing.T) {
	server := nettest.Start(t, []string{"ECHO_MODE=loud"}, nil)
	if code := server.Wait(); code != 2 {
		t.Errorf("exit code %d", code)
	}
	if log := server.Log.String(); !strings.Contains(log, `ECHO_MODE="loud" is not allowed: it must be manual, pipe or both`) {
		t.Errorf("it says:\n%s", log)
	}
}
