package store

import (
	"encoding/binary"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

const journalKind = "journal"

var groupsBucket = []byte("groups")

// journal is the file of the latest changes, in groups, in the order of their
// coming. A group is the changes of one transaction. Their numbers, from 1, are
// the keys, 8 bytes, most significant first, so that they are sorted.
type journal struct {
	*file
	about about
}

func createJournal(path string, a about) error {
	return createFile(path, func(tx *bolt.Tx) error {
		if _, err := tx.CreateBucket(aboutBucket); err != nil {
			return err
		}
		if _, err := tx.CreateBucket(groupsBucket); err != nil {
			return err
		}
		return a.store(tx, journalKind)
	})
}

// openJournal calls each for every change in groups after applied, in order.
func openJournal(path string, forReading bool, applied uint64, each func(key string, c change)) (*journal, error) {
	var j journal
	described := false
	last := applied
	file, err := openFile(path, forReading, func(bucket string, key, value []byte) error {
		switch {
		case bucket == string(groupsBucket):
			return replay(key, value, applied, &last, each)
		case bucket == string(aboutBucket) && string(key) == journalKind:
			j.about, described = readAbout(value)
			return nil
		}
		return fmt.Errorf("it has an entry %q in the bucket %q", key, bucket)
	})
	if err != nil {
		return nil, err
	}
	j.file = file
	switch {
	case !described:
		err = &DamageError{path, "it does not say what it is"}
	case j.about.last != last:
		err = &DamageError{path, fmt.Sprintf("it should go on from group %d to %d, and goes to %d", applied, j.about.last, last)}
	}
	if err != nil {
		return nil, errors.Join(err, file.close())
	}
	return &j, nil
}

// replay takes the group that comes after the last, if it is not in home.
func replay(key, group []byte, applied uint64, last *uint64, each func(key string, c change)) error {
	if len(key) != 8 {
		return fmt.Errorf("it has a group %q", key)
	}
	number := binary.BigEndian.Uint64(key)
	if number <= applied {
		return nil // it is in home, and only not yet trimmed
	}
	if number != *last+1 {
		return fmt.Errorf("group %d is missing, group %d is there", *last+1, number)
	}
	if len(group) < sumSize || sumOf(group) != checksum(key, group[sumSize:]) || !readChanges(group[sumSize:], each) {
		return fmt.Errorf("group %d is not as it was written", number)
	}
	*last = number
	return nil
}

// newGroup is where changes are appended, with appendChange. It begins with
// room for the checksum.
func newGroup(buffer []byte) []byte { return append(buffer[:0], make([]byte, sumSize)...) }

// trimBy is how many groups an append takes out for the one that it adds: more
// than one, so that it catches up, and few, so that it does not take long.
const trimBy = 8

// append adds a group, and takes some out that are up to applied: they are in
// home. When it returns nil the group is on the disk. Otherwise it does not
// count: the next one gets its number, and so its place.
func (j *journal) append(group []byte, applied uint64) error {
	next := j.about
	next.last++
	key := binary.BigEndian.AppendUint64(nil, next.last)
	binary.NativeEndian.PutUint32(group, checksum(key, group[sumSize:]))
	err := j.update(func(tx *bolt.Tx) error {
		groups := tx.Bucket(groupsBucket)
		groups.FillPercent = 1 // nothing comes between them
		if err := trim(groups, applied); err != nil {
			return err
		}
		if err := groups.Put(key, group); err != nil {
			return err
		}
		return next.store(tx, journalKind)
	})
	if err == nil {
		j.about = next
	}
	return err
}

func trim(groups *bolt.Bucket, applied uint64) error {
	oldest := groups.Cursor()
	for range trimBy {
		key, _ := oldest.First()
		if key == nil || binary.BigEndian.Uint64(key) > applied {
			return nil
		}
		if err := oldest.Delete(); err != nil {
			return err
		}
	}
	return nil
}
