package main

import (
	"strings"
	"testing"

	"socketlab/kit/nettest"
)

func TestMain(m *testing.M) { nettest.Main(m, main) }

func TestProgram(t *testing.T) {
	nettest.Server{
		Name:    "upper-server",
		AddrVar: "UPPER_ADDR",
		Modes:   []string{"UPPER_WIRE=lines", "UPPER_WIRE=raw"},
		Greet:   func(c *nettest.Client) { c.Expect(greeting) },
		Say:     func(word string) string { return word + "\n" },
		Answer:  func(word string) string { return strings.ToUpper(word) + "\nQUIT\n" },
	}.TestProgram(t)
}

func TestAWrongWire(t *testing.T) {
	server := nettest.Start(t, []string{"UPPER_WIRE=loud"}, nil)
	if code := server.Wait(); code != 2 {
		t.Errorf("exit code %d", code)
	}
	if log := server.Log.String(); !strings.Contains(log, `UPPER_WIRE="loud" is not allowed: it must be lines or raw`) {
		t.Errorf("it says:\n%s", log)
	}
}
