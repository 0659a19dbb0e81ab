package store

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"socketlab/kit/boltfile"
)

// journal is the files of the latest changes, in groups, in the order of their
// coming. A group is what is written, and synced, at once. They are numbered
// from 1.
//
// There are two files, which take turns: when a layer is full the next one gets
// the other file. By then all of what that has is in home, and it is written
// over; so the space on the disk is there already, which makes an fsync cheaper.
type journal struct {
	files  [2]*journalFile
	active *journalFile // gets the groups
	last   uint64       // the newest group
	// sync is fdatasync(2), or a test's.
	sync func(*os.File) error
}

// A journalFile is a head and then groups, without gaps. Behind the last one
// may be anything: a group that was cut off by a crash, or old ones.
type journalFile struct {
	path string
	disk *os.File
	head journalHead
	end  int64 // behind the last group
	size int64 // of the file, which is longer than what is in it
	// unsure: behind end there may be a group that was refused.
	unsure bool
}

// The head of a file has headSize bytes, of which it uses less. It is one sector,
// which a disk writes as a whole or not at all.
const headSize = 512

type journalHead struct {
	// id is that of home, and slot which of the two files this is.
	id   [16]byte
	slot byte
	// first is the number of the first group; 0: the file is still unused.
	first uint64
	// acknowledged is the last group that somebody was told of. It is
	// written without an fsync, so after a power failure it may be behind;
	// but a process that is killed leaves it right. A group up to here that
	// is not whole is damaged, one behind it has only not been finished.
	acknowledged uint64
}

const journalMagic = "crud-journal 1\n"

func (h journalHead) encode() []byte {
	b := append([]byte(journalMagic), h.id[:]...)
	b = append(b, h.slot)
	b = binary.NativeEndian.AppendUint64(b, h.first)
	b = binary.NativeEndian.AppendUint64(b, h.acknowledged)
	return binary.NativeEndian.AppendUint32(b, checksum(nil, b))
}

func readHead(r io.Reader) (h journalHead, err error) {
	b := make([]byte, headSize)
	if _, err := io.ReadFull(r, b); err != nil {
		return h, fmt.Errorf("its head cannot be read: %w", err)
	}
	rest := b[len(journalMagic):]
	rest = rest[copy(h.id[:], rest):]
	h.slot, rest = rest[0], rest[1:]
	h.first, rest = binary.NativeEndian.Uint64(rest), rest[8:]
	h.acknowledged = binary.NativeEndian.Uint64(rest)
	if !bytes.HasPrefix(b, h.encode()) {
		return h, errors.New("its head is not as it was written")
	}
	return h, nil
}

func journalPaths(path string) [2]string {
	return [2]string{path + ".journal-0", path + ".journal-1"}
}

// createJournal makes the two files of a new store, or finds them, and returns
// the id of both.
func createJournal(path string) (id [16]byte, err error) {
	rand.Read(id[:]) // never fails, it says
	for slot, path := range journalPaths(path) {
		head := journalHead{id: id, slot: byte(slot), first: uint64(1 - slot)}
		if err := createJournalFile(path, head); err != nil {
			return id, err
		}
		found, err := mustBeEmpty(path)
		if err != nil {
			return id, err
		}
		if slot == 0 {
			id = found
		} else if found != id {
			return id, &DamageError{path, "it is that of another store"}
		}
	}
	return id, nil
}

// createJournalFile leaves a file that is there as it is.
func createJournalFile(path string, head journalHead) error {
	draft, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = draft.Write(append(head.encode(), make([]byte, headSize)...)[:headSize])
	if err = errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return errors.Join(err, os.Remove(draft.Name()))
	}
	if err := boltfile.Publish(draft.Name(), path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// mustBeEmpty returns the id of a file of the journal, or an error if it has
// changes, although it has no home.
func mustBeEmpty(path string) (id [16]byte, err error) {
	f, err := openJournalFile(path, true)
	if err != nil {
		return id, err
	}
	if f.head.acknowledged > 0 {
		err = &DamageError{path, "it has changes, and the main file to which they belong is missing"}
	}
	return f.head.id, errors.Join(err, f.disk.Close())
}

// A group is: a checksum of the rest, 4 bytes; the length of the changes, 4; its
// number, 8; the changes.
const groupHead = sumSize + 4 + 8

// newGroup is where changes are appended, with appendChange. It begins with
// room for the head.
func newGroup(buffer []byte) []byte { return append(buffer[:0], make([]byte, groupHead)...) }

// append adds a group. When it returns nil the group is on the disk. Otherwise
// it does not count, and the next one gets its number and its place.
func (j *journal) append(group []byte) error {
	f := j.active
	if err := j.mend(f); err != nil {
		return err
	}
	number := j.last + 1
	binary.NativeEndian.PutUint32(group[sumSize:], uint32(len(group)-groupHead))
	binary.NativeEndian.PutUint64(group[sumSize+4:], number)
	binary.NativeEndian.PutUint32(group, checksum(nil, group[sumSize:]))
	err := f.write(group)
	if err == nil {
		err = j.sync(f.disk)
	}
	if err != nil {
		f.unsure = true
		// What can be taken back is taken back at once. Otherwise the
		// next append tries again.
		return errors.Join(err, j.mend(f))
	}
	f.end += int64(len(group))
	j.last = number
	f.head.acknowledged = number
	// Should this fail, the group is on the disk all the same.
	_, _ = f.disk.WriteAt(f.head.encode(), 0)
	return nil
}

// journalGrowBy is how much a file grows at once, in bytes. To write into a file
// that is long enough already makes an fsync cheaper: only data are new.
const journalGrowBy = 256 << 10

func (f *journalFile) write(group []byte) error {
	if f.end+int64(len(group)) > f.size {
		longer := append(group, make([]byte, journalGrowBy)...)
		if n, err := f.disk.WriteAt(longer, f.end); err == nil {
			f.size = f.end + int64(n)
			return nil
		}
		// The disk is full, or nearly so: then only what must be.
	}
	n, err := f.disk.WriteAt(group, f.end)
	f.size = max(f.size, f.end+int64(n))
	return err
}

// mend cuts off what has been refused, if it may be there. After an fsync that
// failed the kernel may take for written what is not (fsync(2), "Errors"), so
// nothing is left of those pages: the next group is written into new ones.
func (j *journal) mend(f *journalFile) error {
	if !f.unsure {
		return nil
	}
	if err := f.disk.Truncate(f.end); err != nil {
		return err
	}
	f.size = f.end
	if err := j.sync(f.disk); err != nil {
		return err
	}
	f.unsure = false
	return nil
}

// turn makes the other file the active one. All its groups must be in home.
func (j *journal) turn() error {
	if err := j.mend(j.active); err != nil {
		return err
	}
	next := j.files[0]
	if next == j.active {
		next = j.files[1]
	}
	head := journalHead{id: next.head.id, slot: next.head.slot, first: j.last + 1, acknowledged: j.last}
	if _, err := next.disk.WriteAt(head.encode(), 0); err != nil {
		return err
	}
	if err := j.sync(next.disk); err != nil {
		return err
	}
	next.head, next.end, next.unsure = head, headSize, false
	j.active = next
	return nil
}

func (j *journal) close() (err error) {
	for _, f := range j.files {
		if f != nil {
			err = errors.Join(err, f.disk.Close())
		}
	}
	return err
}
