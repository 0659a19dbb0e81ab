package main

import (
	"flag"

	"socketlab/kit/boot"
	"socketlab/kit/netserver"
)

type config struct {
	addr   string
	data   string
	limits netserver.Limits

	dump       bool
	importFrom string
}

func (c *config) declare(s *boot.Settings) {
	s.Addr(&c.addr, "CRUD_ADDR", ":8127", "where to listen")
	s.File(&c.data, "CRUD_DATA", "crud.db", "where the records are kept, with a journal beside it")
	s.Limits(&c.limits)
}

func (c *config) flags(f *flag.FlagSet) {
	f.BoolVar(&c.dump, "dump", false, "print all records as lines of JSON, and end; no server may run on them")
	f.StringVar(&c.importFrom, "import", "", "add the records of `FILE` (-: of what comes in), which export or -dump has written, and end; all or none")
}
