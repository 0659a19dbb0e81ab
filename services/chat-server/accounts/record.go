package accounts

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"strconv"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// An Account is what is kept of somebody who has registered.
type Account struct {
	Key     string    `json:"-"`       // the name as it is compared
	Name    string    `json:"name"`    // as it was registered
	Hash    string    `json:"hash"`    // bcrypt's: $2a$10$…
	Created time.Time `json:"created"` // UTC, in whole seconds
}

// A record in the file is a checksum and JSON:
//
//	4f1d2c3b {"name":"Alice","hash":"$2a$10$…","created":"2026-01-31T12:00:00Z"}
//
// The checksum is over the key and the JSON. Without it, a bit that has flipped
// on the disk could make another name or another hash, and nobody would notice.

// encode also returns the record's checksum.
func (a Account) encode() (record []byte, sum uint32, err error) {
	body, err := json.Marshal(a)
	if err != nil {
		return nil, 0, fmt.Errorf("cannot write an account down: %w", err)
	}
	record, sum = seal(a.Key, body)
	return record, sum, nil
}

// decodeAccount also returns the record's checksum.
func decodeAccount(key string, record []byte) (Account, uint32, error) {
	body, sum, err := unseal(key, record)
	if err != nil {
		return Account{}, 0, err
	}
	account := Account{Key: key}
	if err := json.Unmarshal(body, &account); err != nil {
		return Account{}, 0, err
	}
	if _, err := bcrypt.Cost([]byte(account.Hash)); err != nil {
		return Account{}, 0, err
	}
	return account, sum, nil
}

// format is the number of this format. Another way to write an account needs
// another number.
const format = 1

// totals is a record about all accounts. A page can be sound and yet the wrong
// one, an older copy, say; then the accounts do not add up.
type totals struct {
	Format   int    `json:"format"`
	Accounts int    `json:"accounts"` // how many there are
	Sum      uint32 `json:"sum"`      // all their checksums, XORed
}

func (t totals) encode() ([]byte, error) {
	body, err := json.Marshal(t)
	record, _ := seal(string(totalsKey), body)
	return record, err
}

func decodeTotals(record []byte) (totals, error) {
	body, _, err := unseal(string(totalsKey), record)
	if err != nil {
		return totals{}, err
	}
	var t totals
	err = json.Unmarshal(body, &t)
	return t, err
}

func seal(key string, body []byte) (record []byte, sum uint32) {
	sum = checksum(key, body)
	return fmt.Appendf(nil, "%08x %s", sum, body), sum
}

// unseal returns the body that seal got, as a part of record, and the checksum.
func unseal(key string, record []byte) (body []byte, sum uint32, err error) {
	text, body, _ := bytes.Cut(record, []byte(" "))
	want, err := strconv.ParseUint(string(text), 16, 32)
	if err != nil || uint32(want) != checksum(key, body) {
		return nil, 0, errors.New("its checksum is wrong")
	}
	return body, uint32(want), nil
}

// checksum is CRC-32C, which finds every flipped bit, and every run of them
// that is no longer than 32.
func checksum(key string, body []byte) uint32 {
	table := crc32.MakeTable(crc32.Castagnoli)
	return crc32.Update(crc32.Checksum([]byte(key), table), table, body)
}
