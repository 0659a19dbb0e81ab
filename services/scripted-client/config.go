package main

import (
	"errors"
	"flag"
	"net"
	"strconv"
	"time"

	"socketlab/kit/boot"
)

type config struct {
	addr    string        // from the environment, or from -addr
	byFlag  string        // -addr
	script  string        // a file, or empty: the conversation of the original guide
	timeout time.Duration // how long an answer may take
	connect time.Duration // how long to try to connect, while the server may be starting
}

func (c *config) declare(s *boot.Settings) {
	s.Addr(&c.addr, "CLIENT_ADDR", "127.0.0.1:8125", "the server to talk to")
}

func (c *config) flags(f *flag.FlagSet) {
	c.timeout, c.connect = 5*time.Second, 10*time.Second
	f.StringVar(&c.script, "script", "", "play the talk in `FILE`; without it: say hello, print what comes, leave on QUIT")
	f.Func("addr", "talk to the server at `HOST:PORT`, whatever CLIENT_ADDR says", c.takeAddr)
	f.Func("timeout", "wait at most `TIME` for an answer, such as 500ms or 1m (default 5s)", positive(&c.timeout))
	f.Func("connect", "give up connecting after `TIME`; the server may still be starting (default 10s)", positive(&c.connect))
}

func (c *config) takeAddr(value string) error {
	_, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return errors.New("it must be an address such as upper-server:8125 or 127.0.0.1:8125")
	}
	c.byFlag = value
	return nil
}

func positive(to *time.Duration) func(string) error {
	return func(value string) error {
		d, err := time.ParseDuration(value)
		if err != nil || d <= 0 {
			return errors.New("it must be a length of time such as 500ms, 5s or 1m")
		}
		*to = d
		return nil
	}
}

// target is the address to connect to.
func (c *config) target() string {
	if c.byFlag != "" {
		return c.byFlag
	}
	return c.addr
}
