package accounts

import (
	"errors"
	"fmt"
)

var (
	errForeign = errors.New("it holds something other than accounts")
	errNewer   = errors.New("a newer version of this program has written it")
)

// contents is what the file has, as it is told while the file is opened. Every
// record is checked, and in the end whether they add up.
type contents struct {
	accounts []Account // sorted by key
	buckets  int
	written  *totals // what the file says of the accounts
	found    totals  // what they are
}

func (c *contents) Bucket(name string) error {
	if name != string(accountsBucket) && name != string(aboutBucket) {
		return errForeign
	}
	c.buckets++
	return nil
}

// Entry gets the totals before the accounts, whose format they tell.
func (c *contents) Entry(bucket string, key, record []byte) error {
	if bucket == string(accountsBucket) {
		return c.addAccount(string(key), record)
	}
	if string(key) != string(totalsKey) {
		return errForeign
	}
	total, err := decodeTotals(record)
	if err != nil {
		return fmt.Errorf("the record of the totals: %w", err)
	}
	if total.Format > format {
		return errNewer
	}
	c.written = &total
	return nil
}

func (c *contents) addAccount(key string, record []byte) error {
	account, sum, err := decodeAccount(key, record)
	if err != nil {
		return fmt.Errorf("the record of %q: %w", key, err)
	}
	c.accounts = append(c.accounts, account)
	c.found.Accounts++
	c.found.Sum ^= sum
	return nil
}

func (c *contents) End() error {
	c.found.Format = format
	switch {
	case c.buckets != 2:
		return errForeign
	case c.written == nil:
		return errors.New("the record of the totals is missing")
	case *c.written != c.found:
		return fmt.Errorf("its %d accounts are not the %d that were written last",
			c.found.Accounts, c.written.Accounts)
	}
	return nil
}
