package main

import (
	"bytes"
	"strings"
)

// countFences counts the fences of a page which must be run, by reading its lines and nothing else. The Markdown
// parser, the block parser and the player all could lose a block without anybody noticing; a second and much simpler
// opinion notices.
func countFences(source []byte) int {
	count := 0
	open := "" // the fence that is open now: its characters
	for line := range bytes.Lines(source) {
		trimmed := strings.TrimSpace(string(line))
		mark := fenceMark(trimmed)
		info := strings.TrimSpace(trimmed[len(mark):])
		switch {
		case mark == "":
		case open == "":
			open = mark
			if isRunnable(info) {
				count++
			}
		case mark[0] == open[0] && len(mark) >= len(open) && info == "":
			open = ""
		}
	}
	return count
}

// fenceMark returns the run of at least three backticks or tildes that the line begins with.
func fenceMark(line string) string {
	for _, char := range []string{"`", "~"} {
		rest := strings.TrimLeft(line, char)
		if length := len(line) - len(rest); length >= 3 && !strings.Contains(rest, char) {
			return line[:length]
		}
	}
	return ""
}

func isRunnable(info string) bool {
	words := strings.Fields(info)
	if len(words) == 0 {
		return false
	}
	return words[0] == "console" || words[0] == "diff" && strings.Contains(info, "file=")
}
