package main

import (
	"fmt"
	"regexp"
	"strings"
)

var keySyntax = regexp.MustCompile(`^\s*<[^<>]+>\s*$`)

// looksLikeKey says whether typed text is the name of one key, right or wrong.
func looksLikeKey(typed string) bool { return keySyntax.MatchString(typed) }

// keyBytes returns what an xterm sends for a key written as <Name>.
func keyBytes(key string) (string, error) {
	name := strings.Trim(strings.TrimSpace(key), "<>")
	if letter, ok := strings.CutPrefix(name, "Ctrl-"); ok && len(letter) == 1 {
		if char := strings.ToUpper(letter)[0]; char >= '@' && char <= '_' {
			return string(rune(char ^ 0x40)), nil
		}
	}
	switch name {
	case "Enter":
		return "\r", nil
	case "Tab":
		return "\t", nil
	case "Esc":
		return "\x1b", nil
	case "Backspace":
		return "\x7f", nil
	case "Delete":
		return "\x1b[3~", nil
	case "Up":
		return "\x1b[A", nil
	case "Down":
		return "\x1b[B", nil
	case "Right":
		return "\x1b[C", nil
	case "Left":
		return "\x1b[D", nil
	case "Home":
		return "\x1b[H", nil
	case "End":
		return "\x1b[F", nil
	}
	return "", fmt.Errorf("no key has the name %s; keys are <Ctrl-C>, <Enter>, <Tab>, <Esc>, <Backspace>, <Delete>, "+
		"<Up>, <Down>, <Left>, <Right>, <Home>, <End>", strings.TrimSpace(key))
}

// caret returns how a terminal echoes a control key, ^C for <Ctrl-C>, or nothing for the keys which edit a line.
func caret(key string) string {
	sent, err := keyBytes(key)
	if err != nil || len(sent) != 1 || sent[0] >= ' ' || strings.Contains("\r\t\x1b", sent) {
		return ""
	}
	return "^" + string(rune(sent[0]^0x40))
}
