package main

import (
	"fmt"
	"regexp"
	"strings"
)

// attributes are the key=value pairs of an info string.
type attributes map[string]string

// splitInfo takes an info string apart: the language, then key=value pairs. A value with blanks stands in double
// quotes. What looks almost right is an error, because a misspelt skip or terminal would silently change what is run.
func splitInfo(info string) (language string, pairs attributes, err error) {
	language, rest, _ := strings.Cut(strings.TrimSpace(info), " ")
	pairs = attributes{}
	for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
		key, after, found := strings.Cut(rest, "=")
		if !found || key == "" || strings.ContainsAny(key, " \t\"") {
			return language, nil, fmt.Errorf("%q is not key=value", rest)
		}
		if _, twice := pairs[key]; twice {
			return language, nil, fmt.Errorf("%s= stands there twice", key)
		}
		pairs[key], rest, err = takeValue(key, after)
		if err != nil {
			return language, nil, err
		}
	}
	return language, pairs, nil
}

func takeValue(key, text string) (value, rest string, err error) {
	if quoted, ok := strings.CutPrefix(text, `"`); ok {
		value, rest, ok = strings.Cut(quoted, `"`)
		if !ok {
			return "", "", fmt.Errorf("%s= has no closing quote", key)
		}
		if rest != "" && !strings.HasPrefix(rest, " ") {
			return "", "", fmt.Errorf("%s= has %q right behind its closing quote", key, rest)
		}
	} else {
		value, rest, _ = strings.Cut(text, " ")
	}
	if strings.TrimSpace(value) == "" {
		return "", "", fmt.Errorf("%s= has no value", key)
	}
	return value, rest, nil
}

// only fails where there is a key other than the allowed ones.
func (a attributes) only(allowed ...string) error {
	for key := range a {
		known := false
		for _, name := range allowed {
			known = known || name == key
		}
		if !known {
			return fmt.Errorf("%s= is not known here; allowed: %s", key, strings.Join(allowed, ", "))
		}
	}
	return nil
}

var terminalName = regexp.MustCompile(`^[a-z0-9-]+$`)

func (a attributes) terminal() (string, error) {
	name, ok := a["terminal"]
	if !ok {
		return "", fmt.Errorf("a console block needs terminal=NAME")
	}
	if !terminalName.MatchString(name) {
		return "", fmt.Errorf("terminal=%s: a name has a-z, 0-9 and - only", name)
	}
	return name, nil
}
