package main

import (
	"fmt"
	"net"
	"regexp"
	"strconv"
)

// A block with port=9000 runs a server on this computer itself, or talks to one. There 9000 may be taken, by another run
// of guidetest for one. So a port that is free takes its place in what such a block types, and what any terminal shows
// is translated back.

// ports are the page's ports of this computer, each with the one that takes its place.
type ports map[string]string

// freePorts finds a port for each that the blocks name. Nobody holds it until the lesson does: it may be taken
// meanwhile, which is unlikely.
func freePorts(blocks []block) (ports, error) {
	found := ports{}
	for _, b := range blocks {
		if b.port == "" || found[b.port] != "" {
			continue
		}
		listener, err := net.Listen("tcp", ":0")
		if err != nil {
			return nil, err
		}
		defer listener.Close() // at the end, so that no port is found twice
		found[b.port] = strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	}
	return found, nil
}

// here translates what a block types, the port being the page's.
func (p ports) here(text, port string) string {
	if port == "" {
		return text
	}
	return replaceNumber(text, port, p[port])
}

// onPage translates what a terminal shows.
func (p ports) onPage(text string) string {
	for port, free := range p {
		text = replaceNumber(text, free, port)
	}
	return text
}

// replaceNumber replaces a number, and not digits within a longer one.
func replaceNumber(text, number, by string) string {
	return regexp.MustCompile(`\b`+number+`\b`).ReplaceAllLiteralString(text, by)
}

// port returns the value of port=, or "" where there is none.
func (a attributes) port() (string, error) {
	value, ok := a["port"]
	if n, err := strconv.ParseUint(value, 10, 16); ok && (err != nil || n == 0) {
		return "", fmt.Errorf("port=%s: it must be a number from 1 to 65535", value)
	}
	return value, nil
}
