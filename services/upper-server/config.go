package main

import (
	"socketlab/kit/boot"
	"socketlab/kit/netserver"
)

type config struct {
	addr   string
	wire   string
	limits netserver.Limits
}

func (c *config) declare(s *boot.Settings) {
	s.Addr(&c.addr, "UPPER_ADDR", ":8125", "where to listen")
	s.Choice(&c.wire, "UPPER_WIRE", lines, []string{lines, raw}, "how to answer, see handler.go")
	s.Limits(&c.limits)
}
