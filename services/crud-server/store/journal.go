package store

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
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

// createJournal makes the two files of a new store.
func createJournal(path string, id [16]byte) error {
	for i, path := range journalPaths(path) {
		head := journalHead{id: id, slot: byte(i), first: uint64(1 - i)}
		draft := path + ".new"
		if err := writeSynced(draft, append(head.encode(), make([]byte, headSize)...)[:headSize]); err != nil {
			os.Remove(draft)
			return err
		}
		if err := publish(draft, path); err != nil {
			return err
		}
	}
	return nil
}

func writeSynced(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// openJournal opens the two files and calls each for every change that is not
// in home, in order. applied is the last group that is there.
func openJournal(path string, forReading bool, id [16]byte, applied uint64, each func(key string, c change)) (*journal, error) {
	j := &journal{last: applied, sync: syncData}
	err := j.openFiles(path, forReading, id)
	if err == nil {
		err = j.replay(applied, each)
	}
	if err != nil {
		return nil, errors.Join(err, j.close())
	}
	return j, nil
}

func (j *journal) openFiles(path string, forReading bool, id [16]byte) error {
	for i, path := range journalPaths(path) {
		f, err := openJournalFile(path, forReading)
		if err != nil {
			return err
		}
		j.files[i] = f
		if f.head.id != id || f.head.slot != byte(i) {
			return &DamageError{path, "it is another file of a journal, or that of another store"}
		}
	}
	return nil
}

func openJournalFile(path string, forReading bool) (*journalFile, error) {
	flag := os.O_RDWR
	if forReading {
		flag = os.O_RDONLY
	}
	disk, err := os.OpenFile(path, flag, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil, &DamageError{path, "it is missing"}
	}
	if err != nil {
		return nil, err
	}
	f := &journalFile{path: path, disk: disk}
	if err := f.look(forReading); err != nil {
		return nil, errors.Join(err, disk.Close())
	}
	return f, nil
}

// look locks the file and reads its head.
func (f *journalFile) look(forReading bool) error {
	if err := lockFile(f.disk, !forReading); err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	info, err := f.disk.Stat()
	if err != nil {
		return err
	}
	f.size = info.Size()
	if f.head, err = readHead(f.disk); err != nil {
		return &DamageError{f.path, err.Error()}
	}
	return nil
}

// replay goes through the older file, if home does not have all of it, and the
// newer one, which becomes the active one.
func (j *journal) replay(applied uint64, each func(key string, c change)) error {
	older, newer := j.files[1], j.files[0]
	if older.head.first > newer.head.first {
		older, newer = newer, older
	}
	j.active = newer
	last := applied
	if newer.head.first > applied+1 {
		if older.head.first == 0 || older.head.first > applied+1 {
			return &DamageError{older.path, fmt.Sprintf("group %d is missing", applied+1)}
		}
		var err error
		if last, err = older.replay(applied, each); err != nil {
			return err
		}
		if last+1 != newer.head.first {
			return &DamageError{older.path, fmt.Sprintf("it ends with group %d, and %s begins with group %d",
				last, newer.path, newer.head.first)}
		}
	}
	var err error
	if j.last, err = newer.replay(applied, each); err != nil {
		return err
	}
	if j.last < last {
		return &DamageError{newer.path, fmt.Sprintf("it ends with group %d, and group %d was there", j.last, last)}
	}
	return nil
}

// A group is: a checksum of the rest, 4 bytes; the length of the changes, 4; its
// number, 8; the changes.
const groupHead = sumSize + 4 + 8

// newGroup is where changes are appended, with appendChange. It begins with
// room for the head.
func newGroup(buffer []byte) []byte { return append(buffer[:0], make([]byte, groupHead)...) }

// replay reads the groups of the file and returns the number of the last one
// that is whole. It calls each for the changes in those after applied.
func (f *journalFile) replay(applied uint64, each func(key string, c change)) (last uint64, err error) {
	f.end = headSize
	last = f.head.first - 1
	in := bufio.NewReaderSize(io.NewSectionReader(f.disk, headSize, f.size), 1<<16)
	for {
		group, ok := readGroup(in, last+1, f.size-f.end)
		if !ok {
			break
		}
		if last++; last > applied && !readChanges(group[groupHead:], each) {
			return 0, &DamageError{f.path, fmt.Sprintf("group %d makes no sense", last)}
		}
		f.end += int64(len(group))
	}
	if last < f.head.acknowledged {
		return 0, &DamageError{f.path, fmt.Sprintf("group %d is not as it was written", last+1)}
	}
	return last, nil
}

// readGroup returns the next group, if it is whole and has that number.
func readGroup(in io.Reader, number uint64, most int64) (group []byte, ok bool) {
	head := make([]byte, groupHead)
	if _, err := io.ReadFull(in, head); err != nil {
		return nil, false
	}
	size := int64(binary.NativeEndian.Uint32(head[sumSize:]))
	if binary.NativeEndian.Uint64(head[sumSize+4:]) != number || size > most-groupHead {
		return nil, false
	}
	group = append(head, make([]byte, size)...)
	if _, err := io.ReadFull(in, group[groupHead:]); err != nil {
		return nil, false
	}
	return group, sumOf(group) == checksum(nil, group[sumSize:])
}

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

// journalGrowBy is how much a file grows at once, in bytes. To write into a file that is
// long enough already makes an fsync cheaper: only data are new.
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
