package main

import (
	"slices"
	"strings"
)

// isSlow says whether a command may build images, start or stop containers, or compile, and gets the larger limit.
func isSlow(command string) bool {
	words := strings.Fields(command)
	if slices.Contains(words, "go") || slices.Contains(words, "docker-compose") || labScript(words) >= 0 {
		return true
	}
	if at := slices.Index(words, "docker"); at >= 0 && slices.Contains(words[at:], "run") {
		return true
	}
	for _, verb := range []string{"build", "up", "restart", "down", "watch", "start", "stop", "pull", "create"} {
		if at := compose(words); at >= 0 && slices.Contains(words[at:], verb) {
			return true
		}
	}
	return false
}

// usesCompose says whether a command may leave containers behind.
func usesCompose(command string) bool {
	words := strings.Fields(command)
	return compose(words) >= 0 || labScript(words) >= 0
}

// takesTerminal says whether a command will hand every key on to a terminal inside a container. Until it has done so
// the outer terminal echoes; keys typed that early would be echoed twice.
func takesTerminal(command string) bool {
	words := strings.Fields(command)
	at := compose(words)
	if at < 0 {
		at = labScript(words)
	}
	if at < 0 {
		at = slices.Index(words, "docker")
		return at >= 0 && slices.ContainsFunc(words[at:], func(w string) bool { return w == "-it" || w == "-ti" })
	}
	for _, word := range words[at:] {
		switch word {
		case "-T", "--no-TTY", "--no-tty", "-d", "--detach":
			return false
		case "exec", "run", "attach", "shell":
			return !slices.Contains(words, "-T")
		}
	}
	return false
}

// compose returns the index of the word behind "docker compose", or -1.
func compose(words []string) int {
	for i := range len(words) - 1 {
		if words[i] == "docker" && words[i+1] == "compose" {
			return i + 2
		}
	}
	return -1
}

// labScript returns the index of the word behind the lab's own script, or -1.
func labScript(words []string) int {
	for i, word := range words {
		if strings.TrimPrefix(word, "./") == "scripts/lab" {
			return i + 1
		}
	}
	return -1
}
