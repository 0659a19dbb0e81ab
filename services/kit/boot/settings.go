package boot

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"socketlab/kit/netserver"
)

// Settings are the variables that a program reads, each declared with its
// default and with what is allowed. It works like a flag.FlagSet: declare with
// a pointer, and find the value there once all have been read.
//
// A variable that is not set, or is empty, has its default.
type Settings struct {
	rows []setting
}

type setting struct {
	name, byDefault, allowed, help string
	// take stores the value, or reports that it is not allowed.
	take func(value string) bool
}

// Addr declares an address to listen on or to dial: `:8124`, `127.0.0.1:8124`.
func (s *Settings) Addr(to *string, name, byDefault, help string) {
	s.add(name, byDefault, "an address such as :8124 or 127.0.0.1:8124", help, func(value string) bool {
		_, port, err := net.SplitHostPort(value)
		if err != nil {
			return false
		}
		_, err = strconv.ParseUint(port, 10, 16)
		*to = value
		return err == nil
	})
}

// File declares the path of a file, of which only the folder must exist.
func (s *Settings) File(to *string, name, byDefault, help string) {
	s.add(name, byDefault, "the path of a file in a folder that exists", help, func(value string) bool {
		folder, err := os.Stat(filepath.Dir(value))
		*to = value
		return err == nil && folder.IsDir() && !strings.HasSuffix(value, string(filepath.Separator))
	})
}

// Choice declares a word out of several.
func (s *Settings) Choice(to *string, name, byDefault string, words []string, help string) {
	s.add(name, byDefault, anyOf(words), help, func(value string) bool {
		*to = value
		return slices.Contains(words, value)
	})
}

// Int declares a whole number from least to most.
func (s *Settings) Int(to *int, name string, byDefault, least, most int, help string) {
	allowed := fmt.Sprintf("a whole number from %d to %d", least, most)
	s.add(name, strconv.Itoa(byDefault), allowed, help, func(value string) bool {
		n, err := strconv.Atoi(value)
		*to = n
		return err == nil && n >= least && n <= most
	})
}

// Duration declares a length of time, `90s` or `1h30m`, 0 or more.
func (s *Settings) Duration(to *time.Duration, name, byDefault, help string) {
	s.add(name, byDefault, "a length of time such as 500ms, 90s or 1h30m, or 0", help, func(value string) bool {
		d, err := time.ParseDuration(value)
		*to = d
		return err == nil && d >= 0
	})
}

// Limits declares the three settings of every server here: MAX_CONNS,
// IDLE_TIMEOUT and SHUTDOWN_GRACE.
func (s *Settings) Limits(to *netserver.Limits) {
	s.Int(&to.MaxConns, "MAX_CONNS", 10000, 1, 1000000, "clients served at once")
	s.Duration(&to.IdleTimeout, "IDLE_TIMEOUT", "1h", "a silent client is closed after this; 0: never")
	s.Duration(&to.Grace, "SHUTDOWN_GRACE", "5s", "how long clients may finish at the end")
}

func (s *Settings) add(name, byDefault, allowed, help string, take func(string) bool) {
	s.rows = append(s.rows, setting{name, byDefault, allowed, help, take})
}

// read takes all settings from env. Its error names every variable that is
// wrong, its value, and what is allowed.
func (s *Settings) read(env lookup) error {
	var wrong []error
	for _, row := range s.rows {
		value, _ := env(row.name)
		if value == "" {
			value = row.byDefault
		}
		if !row.take(value) {
			wrong = append(wrong, fmt.Errorf("%s=%q is not allowed: it must be %s", row.name, value, row.allowed))
		}
	}
	return errors.Join(wrong...)
}

// describe prints a table of the settings for -help.
func (s *Settings) describe(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range s.rows {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", row.name, row.byDefault, row.help, row.allowed)
	}
	table.Flush()
}

// anyOf writes words as `a, b or c`.
func anyOf(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
