package main

import (
	"encoding/hex"
	"fmt"
	"sync"
	"time"
)

// hexView shows the stream itself: every read and write as one block, in the
// manner of hexdump -C.
//
// A block of the server is one Read: what had arrived by then. It may be a part
// of what the server wrote, or several of its writes in one.
type hexView struct {
	colours palette
	start   time.Time // of the connection

	mu      sync.Mutex // guards all below
	screen  screen
	in, out int // bytes so far
}

func (v *hexView) received(chunk []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.in += len(chunk)
	v.show("<-", v.colours.server, chunk, v.in)
}

func (v *hexView) sent(chunk []byte) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.out += len(chunk)
	v.show("->", v.colours.you, chunk, v.out)
}

// show shows one block. v.mu is held.
func (v *hexView) show(arrow, colour string, chunk []byte, total int) {
	unit := "bytes"
	if len(chunk) == 1 {
		unit = "byte"
	}
	head := fmt.Sprintf("%s %d %s at %.3f s, %d so far", arrow, len(chunk), unit, time.Since(v.start).Seconds(), total)
	v.screen.block(v.colours.paint(colour, head) + "\n" + hex.Dump(chunk))
}

func (v *hexView) ended() (inMidLine bool) { return false }

func (v *hexView) moveTo(change func() screen) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.screen = change()
}
