package main

import (
	"flag"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"socketlab/kit/args"
)

// config is what the command line says.
type config struct {
	host, port string
	hex, crlf  bool
	quit       string        // leave when the server says this line; empty: never
	timeout    time.Duration // for connecting
	wait       time.Duration // for a silent server, after we have left; 0: for ever
}

// addr is the address to connect to.
func (c config) addr() string { return net.JoinHostPort(c.host, c.port) }

// eol is the end of each line that is typed.
func (c config) eol() string {
	if c.crlf {
		return "\r\n"
	}
	return "\n"
}

const help = `interactive-client: type lines to a TCP server, and see at once what it sends.

Usage: interactive-client [flags] HOST PORT, or HOST:PORT

  interactive-client chat-server 8126               join the chat
  interactive-client -hex echo-server 8124          see every byte, both ways
  interactive-client -quit QUIT upper-server 8125   leave when it says QUIT
  echo hello | interactive-client echo-server 8124  send what a program writes

Enter sends your line, Up and Down bring back earlier ones. Ctrl-D says goodbye:
the server may finish what it has to say. Ctrl-C leaves at once.

  -hex           show each chunk as it arrives and leaves: its bytes, size, time
  -quit WORD     leave when the server says the line WORD
  -crlf          end lines with CR LF, as telnet does, and not with LF alone
  -timeout 10s   how long connecting may take
  -wait 10s      how long a silent server is waited for after your goodbye

Characters that could do something to your screen are left out of what you see;
-hex has them all. NO_COLOR=1 turns colours off.

Exit codes: 0 all went well, 1 the connection broke, 2 a wrong flag or argument,
3 could not connect, 130 Ctrl-C.
`

// usageError is a command line that cannot be understood.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text + "; -help shows how it goes" }

// parse reads the command line. Its error is a usageError, or flag.ErrHelp.
func parse(arguments []string) (config, error) {
	var cfg config
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the errors are returned as well
	flags.BoolVar(&cfg.hex, "hex", false, "")
	flags.BoolVar(&cfg.crlf, "crlf", false, "")
	flags.StringVar(&cfg.quit, "quit", "", "")
	flags.DurationVar(&cfg.timeout, "timeout", 10*time.Second, "")
	flags.DurationVar(&cfg.wait, "wait", 10*time.Second, "")
	words, err := args.Parse(flags, arguments)
	switch {
	case err == flag.ErrHelp:
		return cfg, err
	case err != nil:
		return cfg, &usageError{err.Error()}
	case cfg.timeout <= 0:
		return cfg, &usageError{fmt.Sprintf("-timeout %v: connecting needs some time, such as 10s", cfg.timeout)}
	case cfg.wait < 0:
		return cfg, &usageError{fmt.Sprintf("-wait %v: it must be a time such as 10s, or 0", cfg.wait)}
	case strings.ContainsAny(cfg.quit, "\r\n"):
		return cfg, &usageError{fmt.Sprintf("-quit %q: it must be one line", cfg.quit)}
	}
	cfg.host, cfg.port, err = address(words)
	return cfg, err
}

// address finds host and port in `HOST PORT` or `HOST:PORT`.
func address(words []string) (host, port string, err error) {
	switch len(words) {
	case 0:
		return "", "", &usageError{"which server? Say HOST PORT, such as echo-server 8124"}
	case 1:
		if host, port, err = net.SplitHostPort(words[0]); err != nil {
			return "", "", &usageError{fmt.Sprintf("%q names no port: say HOST PORT, such as echo-server 8124", words[0])}
		}
	case 2:
		host, port = words[0], words[1]
	default:
		return "", "", &usageError{fmt.Sprintf("one HOST and one PORT are enough, got %q", words)}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", "", &usageError{fmt.Sprintf("%q is no port: it must be a number from 1 to 65535", port)}
	}
	if host == "" {
		return "", "", &usageError{"the host is missing: say HOST PORT, such as echo-server 8124"}
	}
	return host, port, nil
}
