package boltfile

import bolt "go.etcd.io/bbolt"

// View runs read in a transaction that changes nothing.
func (f *File) View(read func(tx *bolt.Tx) error) (err error) {
	defer Guard(f.path, &err)()
	return f.db.View(read)
}

// Begin returns a transaction that changes nothing and shows one moment, for as
// long as the caller likes; to end it, Rollback. What reads in it needs a Guard.
// The space of what is changed meanwhile is used again only after its end.
func (f *File) Begin() (*bolt.Tx, error) { return f.db.Begin(false) }

// Update runs change in a transaction, one at a time. When it returns nil all of
// it is on the disk. When it returns an error nothing has been promised: most
// often none of it is there, but if it was the last fsync that failed, all of it
// is. So what depends on that must be read from the file again. After the worst
// errors, see step, it works again only when the file has been opened anew.
func (f *File) Update(change func(tx *bolt.Tx) error) error {
	f.changing.Lock()
	defer f.changing.Unlock()
	if f.broken != nil {
		return f.broken
	}
	if f.unsure {
		if err := f.mend(); err != nil {
			return err
		}
	}
	err := f.try(change)
	f.unsure = err != nil
	return err
}

func (f *File) try(change func(tx *bolt.Tx) error) error {
	tx, err := f.beginChange()
	if err != nil {
		return err
	}
	if err = f.run(tx, change); err == nil {
		err = f.step(tx.Commit)
	}
	if err != nil && f.broken == nil {
		// Where Commit has done it already this is ErrTxClosed.
		_ = f.step(tx.Rollback)
	}
	return err
}

func (f *File) run(tx *bolt.Tx, change func(tx *bolt.Tx) error) (err error) {
	defer Guard(f.path, &err)()
	return change(tx)
}

func (f *File) beginChange() (tx *bolt.Tx, err error) {
	err = f.step(func() (err error) {
		tx, err = f.db.Begin(true)
		return err
	})
	return tx, err
}

// step guards what bbolt does to begin or end a change. If that panics, bbolt
// may hold its locks for ever, and f is broken: nobody must wait for them.
func (f *File) step(step func() error) (err error) {
	panicked := true
	defer func() {
		if panicked {
			f.broken = err
		}
	}()
	defer Guard(f.path, &err)()
	err = step()
	panicked = false
	return err
}

// mend makes the disk hold what this process sees in the file. After an fsync
// that failed the two may differ: the kernel keeps in memory what it could not
// write, and takes it for written (fsync(2), "Errors"). A page of data does no
// harm, for nothing leads to it, and it is written anew when it is used. But if
// it was a meta, the disk may know only the older state, whose pages the next
// transaction would write over. So both metas are written once more.
func (f *File) mend() error {
	tx, err := f.beginChange() // bbolt itself writes nothing meanwhile
	if err != nil {
		return err
	}
	defer f.step(tx.Rollback)
	page := make([]byte, f.db.Info().PageSize)
	for id := range int64(2) {
		if _, err := f.disk.ReadAt(page, id*int64(len(page))); err != nil {
			return err
		}
		if _, err := f.disk.WriteAt(page, id*int64(len(page))); err != nil {
			return err
		}
	}
	return f.db.Sync()
}
