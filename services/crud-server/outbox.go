package main

import (
	"encoding/json"
	"io"
	"strconv"

	"socketlab/crud-server/store"
)

const (
	// fullOutbox is how many bytes of answers gather before they are sent.
	fullOutbox = 16 << 10
	// keptOutbox is the largest buffer, in bytes, that a connection keeps
	// while it waits. Ten thousand clients that have listed something would
	// hold 160 MB otherwise.
	keptOutbox = 1 << 10
)

// An outbox gathers answers, for one write costs more than what it writes.
type outbox struct {
	to  io.Writer
	buf []byte
}

// Write adds p; so an outbox is an io.Writer.
func (o *outbox) Write(p []byte) (int, error) {
	o.buf = append(o.buf, p...)
	return len(p), o.flushFull()
}

// add adds the texts, one behind the other.
func (o *outbox) add(texts ...string) error {
	for _, text := range texts {
		o.buf = append(o.buf, text...)
	}
	return o.flushFull()
}

// addRecord adds a record as read and list show it: `KEY v1 VALUE`.
func (o *outbox) addRecord(before string, r store.Record) error {
	o.buf = append(o.buf, before...)
	o.buf = append(o.buf, r.Key...)
	o.buf = append(o.buf, " v"...)
	o.buf = strconv.AppendUint(o.buf, r.Version, 10)
	o.buf = append(o.buf, ' ')
	o.buf = append(o.buf, r.Value...)
	o.buf = append(o.buf, '\n')
	return o.flushFull()
}

// addJSON adds a record as export shows it.
func (o *outbox) addJSON(r store.Record) error {
	lines := json.NewEncoder(o)
	lines.SetEscapeHTML(false) // < is < for people
	return lines.Encode(entry{&r.Key, &r.Version, &r.Value})
}

func (o *outbox) flushFull() error {
	if len(o.buf) < fullOutbox {
		return nil
	}
	return o.flush()
}

// flush sends what has gathered.
func (o *outbox) flush() error {
	if len(o.buf) == 0 {
		return nil
	}
	_, err := o.to.Write(o.buf)
	o.buf = o.buf[:0]
	if cap(o.buf) > keptOutbox {
		o.buf = nil
	}
	return err
}
