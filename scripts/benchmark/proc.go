package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// ticksPerSecond is the unit of the times in /proc: USER_HZ, 100 on every
// Linux that Go runs on.
const ticksPerSecond = 100

// procStat is what /proc/PID/stat says of a process.
type procStat struct {
	group int
	// seconds is its CPU time, all its threads together, in user space and
	// in the kernel; also that of children which it has seen end.
	seconds float64
}

func readStat(pid int) (procStat, error) {
	text, err := os.ReadFile(procFile(pid, "stat"))
	if err != nil {
		return procStat{}, err
	}
	return parseStat(string(text))
}

// cpuSeconds is the CPU time of a process.
func cpuSeconds(pid int) (float64, error) {
	s, err := readStat(pid)
	return s.seconds, err
}

// groupSeconds is the CPU time of a process group: some servers start a process
// for each client. The group's leader must be there.
func groupSeconds(leader int) (float64, error) {
	sum, err := cpuSeconds(leader)
	if err != nil {
		return 0, err
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0, err
	}
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == leader {
			continue // no process, or counted
		}
		// One that has ended meanwhile is counted by who started it.
		if s, err := readStat(pid); err == nil && s.group == leader {
			sum += s.seconds
		}
	}
	return sum, nil
}

// parseStat takes pgrp, utime, stime, cutime and cstime out of /proc/PID/stat,
// fields 5 and 14 to 17. Field 2 is the program's name in brackets, and may
// contain anything, even brackets: one counts from the last of them.
func parseStat(text string) (procStat, error) {
	const pgrp, utime, cstime = 5 - 3, 14 - 3, 17 - 3 // field 3 is the first after the name
	_, rest, found := cutLast(text, ")")
	fields := strings.Fields(rest)
	if !found || len(fields) <= cstime {
		return procStat{}, fmt.Errorf("not a /proc/PID/stat: %q", text)
	}
	group, err := strconv.Atoi(fields[pgrp])
	if err != nil {
		return procStat{}, fmt.Errorf("not a /proc/PID/stat: %q: %w", text, err)
	}
	var ticks uint64
	for _, field := range fields[utime : cstime+1] {
		n, err := strconv.ParseUint(field, 10, 64)
		if err != nil {
			return procStat{}, fmt.Errorf("not a /proc/PID/stat: %q: %w", text, err)
		}
		ticks += n
	}
	return procStat{group, float64(ticks) / ticksPerSecond}, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	at := strings.LastIndex(s, sep)
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+len(sep):], true
}

// machineSeconds is the CPU time of everything on this machine.
func machineSeconds() (float64, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	return parseMachineStat(string(text))
}

// parseMachineStat adds up the times of the first line of /proc/stat that
// somebody worked in: "cpu user nice system idle iowait irq softirq …".
func parseMachineStat(text string) (float64, error) {
	var user, nice, system, idle, iowait, irq, softirq uint64
	_, err := fmt.Sscanf(text, "cpu %d %d %d %d %d %d %d", &user, &nice, &system, &idle, &iowait, &irq, &softirq)
	if err != nil {
		return 0, fmt.Errorf("not a /proc/stat: %.60q: %w", text, err)
	}
	return float64(user+nice+system+irq+softirq) / ticksPerSecond, nil
}

// residentBytes is how much memory of the process is in RAM, the files that it
// has mapped included.
func residentBytes(pid int) (int64, error) { return statusBytes(pid, "VmRSS") }

// anonymousBytes is the part of that which belongs to no file.
func anonymousBytes(pid int) (int64, error) { return statusBytes(pid, "RssAnon") }

func statusBytes(pid int, field string) (int64, error) {
	text, err := os.ReadFile(procFile(pid, "status"))
	if err != nil {
		return 0, err
	}
	return parseStatus(string(text), field)
}

// parseStatus finds an amount of memory in /proc/PID/status.
func parseStatus(text, field string) (int64, error) {
	for line := range strings.Lines(text) {
		value, found := strings.CutPrefix(line, field+":")
		if !found {
			continue
		}
		number, unit, _ := strings.Cut(strings.TrimSpace(value), " ")
		kib, err := strconv.ParseInt(number, 10, 64)
		if err != nil || unit != "kB" {
			return 0, fmt.Errorf("%s in another form: %q", field, line)
		}
		return kib << 10, nil
	}
	return 0, fmt.Errorf("no %s in /proc/PID/status", field)
}

// openDescriptors counts what the process has open.
func openDescriptors(pid int) (int, error) {
	entries, err := os.ReadDir(procFile(pid, "fd"))
	return len(entries), err
}

// descriptorLimit is how many descriptors the process may have open.
func descriptorLimit(pid int) (int, error) {
	text, err := os.ReadFile(procFile(pid, "limits"))
	if err != nil {
		return 0, err
	}
	return parseLimits(string(text))
}

// parseLimits finds the soft limit, the first of the two numbers, of
// "Max open files" in /proc/PID/limits.
func parseLimits(text string) (int, error) {
	for line := range strings.Lines(text) {
		if value, found := strings.CutPrefix(line, "Max open files"); found {
			fields := strings.Fields(value)
			if len(fields) == 0 {
				break
			}
			return strconv.Atoi(fields[0])
		}
	}
	return 0, fmt.Errorf("no open files in /proc/PID/limits")
}

func procFile(pid int, name string) string {
	return filepath.Join("/proc", strconv.Itoa(pid), name)
}
