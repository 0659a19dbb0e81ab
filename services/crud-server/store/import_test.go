package store

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"testing"
)

// each yields records without an error, and then, if it is not nil, err.
func each(records []Record, err error) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
		if err != nil {
			yield(Record{}, err)
		}
	}
}

func manyRecords(prefix string, count int) []Record {
	var records []Record
	for i := range count {
		records = append(records, Record{fmt.Sprintf("%s%05d", prefix, i), uint64(i + 1), "value"})
	}
	return records
}

func TestImportIntoNothing(t *testing.T) {
	path := newPath(t)
	records := manyRecords("k", 3*settleChanges)
	shuffled := slices.Clone(records)
	slices.Reverse(shuffled)
	if n, err := Import(path, each(shuffled, nil)); err != nil || n != len(records) {
		t.Fatalf("%d records, %v", n, err)
	}
	s := openStore(t, path, usual)
	if got := everything(t, s); !slices.Equal(got, records) {
		t.Errorf("%d records of %d, or others", len(got), len(records))
	}
	update(t, s, "k00006", "new", 7, 8)
}

// What is there already, in home and in the journal, stays; the journal is not
// played again over what has been imported.
func TestImportBesideOthers(t *testing.T) {
	path := newPath(t)
	s := openStore(t, path, small)
	for i := range 100 {
		must(t, s.Create(fmt.Sprintf("old%03d", i), "v"))
	}
	must(t, s.Delete("old007", 0))
	closeStore(t, s)
	if n, err := Import(path, each([]Record{{"old007", 3, "back"}, {"new", 5, "v"}}, nil)); err != nil || n != 2 {
		t.Fatalf("%d records, %v", n, err)
	}
	for range 2 {
		s = openStore(t, path, small)
		expectRecord(t, s, Record{"old007", 3, "back"})
		expectRecord(t, s, Record{"new", 5, "v"})
		if got := len(everything(t, s)); got != 101 {
			t.Errorf("%d records", got)
		}
		for i := range 30 { // the journal goes on
			key := fmt.Sprint("more", i)
			must(t, s.Create(key, "v"))
			must(t, s.Delete(key, 0))
		}
		closeStore(t, s)
	}
}

func TestAnImportIsAllOrNothing(t *testing.T) {
	broken := errors.New("a broken line")
	many := manyRecords("k", settleChanges+10)
	for name, test := range map[string]struct {
		records iter.Seq2[Record, error]
		want    error
	}{
		"a broken record":               {each(many, broken), broken},
		"a key of the store":            {each(slices.Concat(many, []Record{{"there", 1, "v"}}), nil), ErrExists},
		"a key twice":                   {each(slices.Concat(many, many[len(many)-1:]), nil), ErrTwice},
		"a key twice, far apart":        {each(slices.Concat(many, many[:1]), nil), ErrTwice},
		"a key of the store in journal": {each([]Record{{"new", 1, "v"}}, nil), ErrExists},
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			s := openStore(t, path, small)
			for i := range 50 {
				must(t, s.Create(fmt.Sprint("old", i), "v"))
			}
			must(t, s.Create("there", "v"))
			must(t, s.Create("new", "v"))
			before := everything(t, s)
			closeStore(t, s)
			_, err := Import(path, test.records)
			expectError(t, test.want, err)
			s = openStore(t, path, small)
			if got := everything(t, s); !slices.Equal(got, before) {
				t.Errorf("the store has changed: %v", got)
			}
			if _, err := os.Stat(path + ".new"); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the draft is still there (%v)", err)
			}
		})
	}
}

func TestImportBesideAServer(t *testing.T) {
	path := newPath(t)
	openStore(t, path, usual)
	_, err := Import(path, each(nil, nil))
	expectError(t, ErrInUse, err)
}
