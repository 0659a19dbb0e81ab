package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"unicode/utf8"

	"socketlab/crud-server/store"
)

// An entry is a record as a line of JSON. Pointers tell what is missing from
// what is empty.
type entry struct {
	Key     *string `json:"key"`
	Version *uint64 `json:"version"`
	Value   *string `json:"value"`
}

// maxJSON is how long a line may be, in bytes: one of a value with nothing but
// characters that JSON writes as six, and some to spare.
const maxJSON = 6*maxValue + 6*maxKey + 1<<10

// jsonLines reads what export and -dump have written.
type jsonLines struct {
	in    io.Reader
	count int // lines so far
}

// records yields the records, and at the first line that is none an error that
// says which line it is, and why. It ends early when ctx does.
func (l *jsonLines) records(ctx context.Context) iter.Seq2[store.Record, error] {
	return func(yield func(store.Record, error) bool) {
		lines := bufio.NewScanner(l.in)
		lines.Buffer(nil, maxJSON)
		ended := false
		for lines.Scan() {
			l.count++
			line := bytes.TrimSpace(lines.Bytes())
			if err := ctx.Err(); err != nil {
				yield(store.Record{}, err)
				return
			}
			if ended = string(line) == "OK"; ended {
				break // export ends so
			}
			r, err := parseEntry(line)
			if err != nil {
				err = fmt.Errorf("line %d: %w", l.count, err)
			}
			if !yield(r, err) {
				return
			}
		}
		switch err := lines.Err(); {
		case errors.Is(err, bufio.ErrTooLong):
			yield(store.Record{}, fmt.Errorf("line %d: it is longer than %d bytes", l.count+1, maxJSON))
		case err != nil:
			yield(store.Record{}, err)
		case ended && lines.Scan():
			yield(store.Record{}, fmt.Errorf("line %d: it stands behind OK, the end of an export", l.count+1))
		}
	}
}

func parseEntry(line []byte) (store.Record, error) {
	if len(line) == 0 {
		return store.Record{}, errors.New("it is empty")
	}
	if !utf8.Valid(line) {
		return store.Record{}, errors.New("it is not UTF-8")
	}
	var e entry
	in := json.NewDecoder(bytes.NewReader(line))
	in.DisallowUnknownFields()
	if err := in.Decode(&e); err != nil {
		return store.Record{}, fmt.Errorf(`it is not {"key":…,"version":…,"value":…}: %w`, err)
	}
	if in.More() {
		return store.Record{}, errors.New("something stands behind the record")
	}
	switch {
	case e.Key == nil || *e.Key == "":
		return store.Record{}, errors.New("it has no key")
	case e.Version == nil || *e.Version == 0:
		return store.Record{}, errors.New("it has no version, a whole number from 1")
	case e.Value == nil || *e.Value == "":
		return store.Record{}, errors.New("it has no value")
	}
	if err := errors.Join(checkKey(*e.Key), checkValue(*e.Value)); err != nil {
		return store.Record{}, err
	}
	return store.Record{Key: *e.Key, Version: *e.Version, Value: *e.Value}, nil
}
