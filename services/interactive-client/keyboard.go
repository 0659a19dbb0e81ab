package main

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"
	"syscall"
)

// ctrlC is what the key sends in raw mode. Otherwise the kernel would turn it
// into SIGINT before anybody reads it.
const ctrlC = 0x03

// typeAhead is how many reads of the terminal, of a key or of 256 bytes pasted,
// are kept for an editor that is busy: it waits while a server reads nothing.
const typeAhead = 1024

// keyboard reads the terminal ahead of the editor. So Ctrl-C is seen at once,
// even while the line before it waits to be sent.
type keyboard struct {
	tty   io.Reader
	typed chan []byte
	rest  []byte      // of the last that was taken from typed
	off   atomic.Bool // what is typed is not for us any more
	// editing is the editor's lock. It is free while Read waits.
	editing *sync.Mutex
}

// watch reads until the terminal is gone, or until Ctrl-C, and then calls
// leave with the cause. Once the keyboard is off it ends at the next key: a
// read of a terminal cannot be called off.
func (k *keyboard) watch(leave func(cause error)) {
	for {
		buf := make([]byte, 256)
		n, err := k.tty.Read(buf)
		if k.off.Load() {
			return
		}
		if err != nil {
			leave(&stopped{syscall.SIGHUP})
			return
		}
		if bytes.IndexByte(buf[:n], ctrlC) >= 0 {
			leave(&stopped{syscall.SIGINT})
			return
		}
		k.typed <- buf[:n]
	}
}

// Read is for the editor, which holds its lock.
func (k *keyboard) Read(p []byte) (int, error) {
	if len(p) == 0 {
		// The editor's buffer is full of the beginning of one key. No
		// key is that long, and it would ask for ever.
		return 0, io.ErrShortBuffer
	}
	if len(k.rest) == 0 {
		k.editing.Unlock()
		k.rest = <-k.typed
		k.editing.Lock()
	}
	n := copy(p, k.rest)
	k.rest = k.rest[n:]
	return n, nil
}
