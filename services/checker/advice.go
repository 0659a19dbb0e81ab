package main

import (
	"fmt"
	"net"
	"strings"

	"socketlab/checker/check"
	"socketlab/checker/suites"
)

// What a person may want to do next.

// command is what to type to run suite again, without its seed.
func (c config) command(suite *check.Suite) string {
	command := "go run ./services/checker "
	if c.lab {
		command = "docker compose run --rm checker "
	}
	if c.lab && suite.Listens {
		command = "docker compose run --rm --service-ports checker "
	}
	command += suite.Name
	if c.phase != "" {
		command += " --phase " + c.phase
	}
	if c.target != "" {
		command += " --target " + c.target
	}
	if c.run != "" {
		command += " --run '" + strings.ReplaceAll(c.run, "'", `'\''`) + "'"
	}
	return command
}

// again is the command for one who has mended what was wrong: in a suite with
// phases it is that of the first one.
func (c config) again(suite *check.Suite) string {
	if c.phase != "" {
		c.phase = suites.Write
	}
	return c.command(suite)
}

// next says what to do between two phases.
func (c config) next(r *check.Result) string {
	if c.phase != suites.Write {
		return ""
	}
	kill, start := "kill -9 and its process number (Windows: taskkill /F /PID)", "as you have started it, with the same files"
	if service := c.service(r.Suite); service != "" {
		kill, start = "docker compose kill "+service, "docker compose up -d --wait "+service
	}
	c.phase = suites.Verify
	return fmt.Sprintf(`Now kill the server, so that it has no time to write anything:
    %s
Start it again:
    %s
And see what it remembers:
    %s --seed %d`, kill, start, c.command(r.Suite), r.Seed)
}

// service is the machine of the lab that is checked; empty where it is none, or
// not known.
func (c config) service(suite *check.Suite) string {
	host, _, _ := net.SplitHostPort(c.target)
	switch {
	case c.lab && c.target == "":
		return suite.Service
	case c.lab && host == "my-server":
		return host
	}
	return ""
}
