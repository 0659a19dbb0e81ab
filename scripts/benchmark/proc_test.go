package main

import (
	"os"
	"os/exec"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	const rest = " S 1 7 8 0 -1 4194304 100 0 0 0 1234 66 90 10 20 0 5 0 300 1000 200"
	want := procStat{group: 7, seconds: 14}
	for _, text := range []string{"42 (echo-server)" + rest, "42 (a b) S 1 (c)" + rest, "42 ())" + rest} {
		if got, err := parseStat(text); err != nil || got != want {
			t.Errorf("parseStat(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "42 (short) S 1 2", "no brackets" + rest, "42 (x) S 1 7 7 0 -1 4194304 100 0 0 0 many 66 9 8",
		"42 (x) S 1 me 7 0 -1 4194304 100 0 0 0 1 66 9 8"} {
		if got, err := parseStat(text); err == nil {
			t.Errorf("parseStat(%q) = %v, want an error", text, got)
		}
	}
}

// A server that starts a process for each client pays for them.
func TestGroupSecondsCountsChildren(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "sh", "-c", "while :; do :; done & wait")
	inOwnGroup(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Cancel()
		cmd.Wait()
	})
	for limit := time.Now().Add(10 * time.Second); time.Now().Before(limit); {
		all, err := groupSeconds(cmd.Process.Pid)
		if err != nil {
			t.Fatal(err)
		}
		alone, err := cpuSeconds(cmd.Process.Pid)
		if err != nil {
			t.Fatal(err)
		}
		if all >= alone+0.1 {
			return
		}
	}
	t.Error("10 s of a child's work, and the group has not more CPU time than its leader")
}

// The kernel of this machine must agree with the parser.
func TestCPUSecondsOfThisProcess(t *testing.T) {
	before, err := cpuSeconds(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	limit := time.Now().Add(10 * time.Second)
	for time.Now().Before(limit) {
		after, err := cpuSeconds(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if after > before {
			return
		}
	}
	t.Errorf("10 s of work, and the CPU time still is %v s", before)
}

func TestParseMachineStat(t *testing.T) {
	got, err := parseMachineStat("cpu  100 20 300 9999 7777 40 60 8888 0 0\ncpu0 1 1 1 1\n")
	if err != nil || got != 5.2 {
		t.Errorf("got %v, %v; want 5.2 s: neither idle nor stolen time", got, err)
	}
	if _, err := parseMachineStat("intr 5"); err == nil {
		t.Error("no error for another file")
	}
}

func TestParseStatus(t *testing.T) {
	const text = "Name:\tx\nVmHWM:\t  999 kB\nVmRSS:\t   64 kB\nRssAnon:\t 5 kB\n"
	for field, want := range map[string]int64{"VmRSS": 64 << 10, "RssAnon": 5 << 10} {
		if got, err := parseStatus(text, field); err != nil || got != want {
			t.Errorf("%s: got %d, %v; want %d", field, got, err, want)
		}
	}
	for _, text := range []string{"", "Name:\tx\n", "VmRSS:\t64 MB\n", "VmRSS:\tmuch kB\n"} {
		if got, err := parseStatus(text, "VmRSS"); err == nil {
			t.Errorf("parseStatus(%q) = %d, want an error", text, got)
		}
	}
}

func TestParseLimits(t *testing.T) {
	const text = "Limit                     Soft Limit           Hard Limit           Units     \n" +
		"Max processes             96000                96000                processes \n" +
		"Max open files            1024                 20000                files     \n"
	if got, err := parseLimits(text); err != nil || got != 1024 {
		t.Errorf("got %d, %v; want the soft limit, 1024", got, err)
	}
	for _, text := range []string{"", "Max open files\n"} {
		if got, err := parseLimits(text); err == nil {
			t.Errorf("parseLimits(%q) = %d, want an error", text, got)
		}
	}
}
