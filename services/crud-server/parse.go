package main

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"socketlab/kit/textline"
)

// What keys and values may be, in bytes.
const (
	maxKey   = 128
	maxValue = 64 << 10
)

const blanks = " \t"

// parse finds the command of line in the table, and its arguments. The checks
// that all commands share are made here, once.
func parse(commands []command, line string) (command, []string, error) {
	name, rest := cutWord(line)
	if name == "" {
		return command{}, nil, refuse("usage COMMAND [ARGUMENT …], try help")
	}
	c, ok := find(commands, name)
	if !ok {
		return command{}, nil, refuse("unknown %s, try help", shorten(name))
	}
	args, ok := c.split(rest)
	if !ok {
		return command{}, nil, refuse("usage %s", c.usage)
	}
	if c.key {
		return c, args, checkKey(args[0])
	}
	return c, args, nil
}

func find(commands []command, name string) (command, bool) {
	for _, c := range commands {
		if strings.EqualFold(c.name, name) {
			return c, true
		}
	}
	return command{}, false
}

// cutWord returns the first word of text, and what stands behind the one blank
// that ends it.
func cutWord(text string) (word, rest string) {
	text = strings.TrimLeft(text, blanks)
	end := strings.IndexAny(text, blanks)
	if end < 0 {
		return text, ""
	}
	return text[:end], text[end+1:]
}

// split returns the arguments of c in rest, if it may have so many.
func (c command) split(rest string) (args []string, ok bool) {
	args = make([]string, 0, c.most)
	for rest != "" {
		if c.text && len(args) == c.most-1 {
			args = append(args, rest) // with every blank that it has
			break
		}
		var word string
		if word, rest = cutWord(rest); word != "" {
			args = append(args, word)
		}
	}
	return args, len(args) >= c.least && len(args) <= c.most
}

// maxShown is how many bytes of a word an error repeats.
const maxShown = 40

// shorten makes a stranger's word fit to be shown.
func shorten(word string) string {
	word = textline.Printable(word)
	if len(word) <= maxShown {
		return word
	}
	return strings.ToValidUTF8(word[:maxShown], "") + "…"
}

func checkKey(key string) error {
	switch {
	case len(key) > maxKey:
		return refuse("toolong a key has at most %d bytes", maxKey)
	case strings.ContainsFunc(key, unicode.IsSpace) || textline.Printable(key) != key:
		return refuse("badkey a key has no blanks and no control characters")
	}
	return nil
}

// checkValue refuses what could do something to the terminal of whoever reads
// the value: what is stored comes back as it was, so it must not come in.
func checkValue(value string) error {
	if len(value) > maxValue {
		return refuse("toolong a value has at most %d bytes", maxValue)
	}
	for piece := range strings.SplitSeq(value, "\t") {
		if textline.Printable(piece) != piece {
			return refuse("badvalue a value has no control characters, except TAB")
		}
	}
	return nil
}

// isVersion reports whether word is `@` and a number.
func isVersion(word string) bool {
	digits, found := strings.CutPrefix(word, "@")
	return found && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// versionOf returns the number. One that no record can have, 0 or more than 64
// bits hold, is the last one there is, which no record has either.
func versionOf(word string) uint64 {
	version, err := strconv.ParseUint(word[1:], 10, 64)
	if err != nil || version == 0 {
		return math.MaxUint64
	}
	return version
}
