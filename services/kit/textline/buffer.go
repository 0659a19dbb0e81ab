package textline

import "io"

const (
	// Ten thousand idle clients cost 5 MB at this size, and a line that
	// somebody typed fits.
	smallBuffer = 512

	// A CR and an IAC may be waiting for the byte that decides what they are.
	// Should it make them text, they need their place in front of it.
	heldBytes = 2

	// As in package bufio: a Read that returns nothing and no error is allowed
	// once in a while, but a loop of them would eat a processor.
	maxEmptyReads = 100
)

// fill reads more bytes. It is called when all earlier ones have been used.
// An error that comes together with bytes is reported by the call after.
func (r *Reader) fill() error {
	if err := r.err; err != nil {
		if err != io.EOF {
			r.err = nil // a deadline, say: the caller may try again
		}
		return err
	}
	r.makeRoom()
	for range maxEmptyReads {
		n, err := r.in.Read(r.buf[r.end:])
		r.end += n
		r.err = err
		if n > 0 || err != nil {
			return nil
		}
	}
	return io.ErrNoProgress
}

// makeRoom moves the line so far to the front of a buffer that fits it. The
// size follows from the length of the line alone, so the buffer grows with a
// long line and shrinks when the line is gone.
func (r *Reader) makeRoom() {
	line := r.buf[r.start:r.text]
	size := smallBuffer
	for size-len(line) < smallBuffer/2 {
		size *= 4
	}
	size = smallBuffer + min(size-smallBuffer, r.limit) // no more than can be needed
	if size != len(r.buf) {
		r.buf = make([]byte, size)
	}
	copy(r.buf, line)
	r.start, r.text = 0, len(line)
	r.next = len(line) + heldBytes
	r.end = r.next
}

// take hands the line out. Its capacity ends where it ends: a caller that
// appends to it gets a copy and cannot overwrite the bytes of the next line.
func (r *Reader) take() []byte {
	line := r.buf[r.start:r.text:r.text]
	r.forget()
	return ValidUTF8(line)
}

// forget lets a new line start at the next byte.
func (r *Reader) forget() {
	r.start, r.text = r.next, r.next
	r.heldCR = false
	r.skipping = false
}
