package store

import (
	"errors"
	"fmt"
)

// contents is what home has, as it is told while home is opened, to be compared
// with what it says that it has.
type contents struct {
	about     about // what it says
	described bool
	records   bool   // whether there is a bucket for them
	count     uint64 // what it has
	sum       uint64
	keys      *filter // whose they are
}

func (c *contents) Bucket(name string) error {
	switch name {
	case string(aboutBucket):
	case string(recordsBucket):
		c.records = true
		c.keys = newFilter(c.about.count) // read by now: buckets come sorted
	default:
		return fmt.Errorf("it has a bucket %q", name)
	}
	return nil
}

func (c *contents) Entry(bucket string, key, value []byte) error {
	if bucket == string(recordsBucket) {
		if _, _, ok := readRecord(key, value); !ok {
			return errors.New(brokenRecord(key))
		}
		c.count++
		c.sum += uint64(sumOf(value))
		c.keys.add(string(key))
		return nil
	}
	if string(key) != string(aboutKey) {
		return fmt.Errorf("it has an entry %q in the bucket %q", key, bucket)
	}
	c.about, c.described = readAbout(value)
	return nil
}

func (c *contents) End() error {
	switch {
	case !c.described || !c.records:
		return errors.New("it does not say what it is")
	case c.count != c.about.count || c.sum != c.about.sum:
		return fmt.Errorf("it should hold %d records, and holds %d or others", c.about.count, c.count)
	}
	return nil
}
