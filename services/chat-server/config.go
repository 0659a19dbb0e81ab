package main

import (
	"flag"

	"socketlab/kit/boot"
	"socketlab/kit/netserver"
)

type config struct {
	addr   string
	data   string
	rate   int
	dump   bool
	limits netserver.Limits
}

func (c *config) declare(s *boot.Settings) {
	s.Addr(&c.addr, "CHAT_ADDR", ":8126", "where to listen")
	s.File(&c.data, "CHAT_DATA", "chat.db", "the file of the accounts; made where there is none")
	s.Int(&c.rate, "CHAT_RATE", 10, 0, 1000000, "lines a second that one client may say, twice as many at once; 0: any number")
	s.Limits(&c.limits)
}

func (c *config) flags(f *flag.FlagSet) {
	f.BoolVar(&c.dump, "dump", false, "print the accounts, a JSON object a line, while no server runs on them")
}
