package accounts

import (
	"bytes"
	"testing"
	"time"
)

const aliceHash = "$2a$04$Wk2oDZ8cBmjcB1tPOOBYo.gYF6nM3dFzjJ3QJcTzq8eSg0m8dkQ6W"

var alice = Account{
	Key:     "alice",
	Name:    "Alice",
	Hash:    aliceHash,
	Created: time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC),
}

// The format of the file: a change here needs another number of the format.
func TestARecordCanBeRead(t *testing.T) {
	record, _, err := alice.encode()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"name":"Alice","hash":"` + aliceHash + `","created":"2026-01-31T12:00:00Z"}`
	sum, body, _ := bytes.Cut(record, []byte(" "))
	if len(sum) != 8 || string(body) != want {
		t.Errorf("%s", record)
	}
	total, err := totals{Format: 1, Accounts: 2, Sum: 3}.encode()
	if _, body, _ := bytes.Cut(total, []byte(" ")); err != nil || string(body) != `{"format":1,"accounts":2,"sum":3}` {
		t.Errorf("%s, %v", total, err)
	}
}

func TestAnyFlippedBitOfARecordIsNoticed(t *testing.T) {
	record, sum, err := alice.encode()
	if err != nil {
		t.Fatal(err)
	}
	for at := range len(record) * 8 {
		record[at/8] ^= 1 << (at % 8)
		got, gotSum, err := decodeAccount("alice", record)
		// The checksum's a may become A, which is the same number.
		if err == nil && (got != alice || gotSum != sum) {
			t.Errorf("bit %d of byte %d: read as %v", at%8, at/8, got)
		}
		record[at/8] ^= 1 << (at % 8)
	}
	if _, _, err := decodeAccount("alicf", record); err == nil {
		t.Error("it is taken under another key")
	}
}

func FuzzDecodeAccount(f *testing.F) {
	record, _, err := alice.encode()
	if err != nil {
		f.Fatal(err)
	}
	total, err := totals{Format: 1, Accounts: 2, Sum: 3}.encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add("alice", record, false)
	f.Add("totals", total, false)
	f.Add("alice", []byte("00000000"), false)
	f.Add("alice", record[9:], true)
	f.Add("alice", []byte(`{"name":1}`), true)
	f.Add("alice", []byte(`{"hash":"$2a$04$"}`), true)
	f.Fuzz(func(t *testing.T, key string, record []byte, sealIt bool) {
		if sealIt { // else hardly anything would get past the checksum
			record, _ = seal(key, record)
		}
		decodeTotals(record) // whatever it returns
		account, _, err := decodeAccount(key, record)
		if err != nil {
			return
		}
		again, _, err := account.encode()
		if err != nil {
			t.Fatalf("%v was read, and cannot be written: %v", account, err)
		}
		if same, _, err := decodeAccount(key, again); err != nil || !same.equal(account) {
			t.Errorf("%v became %v, %v", account, same, err)
		}
	})
}

// equal compares times by what they say: the zone is another pointer.
func (a Account) equal(b Account) bool {
	sameTime := a.Created.Equal(b.Created)
	a.Created = b.Created
	return sameTime && a == b
}
