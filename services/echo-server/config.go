package main

import (
	"socketlab/kit/boot"
	"socketlab/kit/netserver"
)

type config struct {
	addr   string
	mode   string
	limits netserver.Limits
}

func (c *config) declare(s *boot.Settings) {
	s.Addr(&c.addr, "ECHO_ADDR", ":8124", "where to listen")
	s.Choice(&c.mode, "ECHO_MODE", manual, []string{manual, pipe, both}, "how to echo, see handler.go")
	s.Limits(&c.limits)
}
