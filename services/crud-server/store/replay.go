package store

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"socketlab/kit/boltfile"
)

// openJournal opens the two files and puts the changes that are not in home back
// into the layers that they were in: those of the older file into settling, those
// of the newer one into recent. applied is the last group that is in home.
func openJournal(path string, forReading bool, id [16]byte, applied uint64, settling, recent *layer) (*journal, error) {
	j := &journal{last: applied, sync: syncData}
	err := j.openFiles(path, forReading, id)
	if err == nil {
		err = j.replay(applied, settling, recent)
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
	if err := boltfile.Lock(f.disk, !forReading); err != nil {
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
func (j *journal) replay(applied uint64, settling, recent *layer) error {
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
		if last, err = older.replay(applied, settling); err != nil {
			return err
		}
		settling.last = last
		if last+1 != newer.head.first {
			return &DamageError{older.path, fmt.Sprintf("it ends with group %d, and %s begins with group %d",
				last, newer.path, newer.head.first)}
		}
	}
	var err error
	if j.last, err = newer.replay(applied, recent); err != nil {
		return err
	}
	if j.last < last {
		return &DamageError{newer.path, fmt.Sprintf("it ends with group %d, and group %d was there", j.last, last)}
	}
	return nil
}

// replay reads the groups of the file and returns the number of the last one
// that is whole. It puts the changes in those after applied into layer.
func (f *journalFile) replay(applied uint64, layer *layer) (last uint64, err error) {
	f.end = headSize
	last = f.head.first - 1
	in := bufio.NewReaderSize(io.NewSectionReader(f.disk, headSize, f.size), 1<<16)
	for {
		group, ok := readGroup(in, last+1, f.size-f.end)
		if !ok {
			break
		}
		if last++; last > applied && !readChanges(group[groupHead:], layer.put) {
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
