package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"socketlab/kit/nettest"
)

// CRUD-19
func TestADiskThatRefuses(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("a small disk takes the right to mount one: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(folder, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	path := filepath.Join(folder, "crud.db")
	server := startOn(t, path)
	alice, bob := nettest.Dial(t, server.Addr), nettest.Dial(t, server.Addr)
	play(t, alice, "> create a v\n< OK created a v1\n")

	// Somebody else takes all the room.
	filler := filepath.Join(folder, "filler")
	os.WriteFile(filler, make([]byte, 2<<20), 0o600) // as much as there is
	value := strings.Repeat("v", 10000)
	created := 0
	for refused := false; !refused; {
		alice.Send(fmt.Sprintf("create k%d %s\n", created, value))
		got := line(t, alice)
		switch got {
		case fmt.Sprintf("OK created k%d v1\n", created):
			created++
		case "ERR storage the disk is full, nothing was changed; make room and try again\n":
			refused = true
		default:
			t.Fatalf("it answers %q", got)
		}
	}
	play(t, bob, fmt.Sprintf("> read k%d\n< ERR missing k%d\n> read a\n< OK a v1 v\n> count k\n< OK %d records\n", created, created, created))
	play(t, bob, "> update a "+value+"\n< ERR storage the disk is full, nothing was changed; make room and try again\n")
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	play(t, bob, "> update a "+value+"\n< OK updated a v2\n")
	server.Log.Wait(t, "Cannot write: changes are refused", 1)
	server.Log.Wait(t, "Writing works again", 1)

	server.Signal(syscall.SIGKILL)
	server.Wait()
	server = startOn(t, path)
	alice = nettest.Dial(t, server.Addr)
	play(t, alice, fmt.Sprintf("> read a\n< OK a v2 %s\n> count k\n< OK %d records\n", value, created))
}
