package netserver

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// portOwner names the process that listens on port, as "name (process 123)",
// or returns "" where it cannot be known: another user's process, another
// container's. It does by hand what `ss -ltnp` does: the kernel's table of
// sockets gives the inode of the listener, and the process that has it open
// has a link to socket:[inode] among its descriptors (proc(5)).
func portOwner(port uint16) string {
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		if inode := listenerInode(table, port); inode != "" {
			return socketHolder(inode)
		}
	}
	return ""
}

// listenerInode finds the inode of the socket that listens on port.
func listenerInode(table string, port uint16) string {
	const local, state, inode = 1, 3, 9 // columns
	const listening = "0A"
	file, err := os.Open(table)
	if err != nil {
		return ""
	}
	defer file.Close()
	suffix := fmt.Sprintf(":%04X", port)
	for lines := bufio.NewScanner(file); lines.Scan(); {
		column := strings.Fields(lines.Text())
		if len(column) > inode && column[state] == listening && strings.HasSuffix(column[local], suffix) {
			return column[inode]
		}
	}
	return ""
}

// socketHolder names a process that has the socket open.
func socketHolder(inode string) string {
	links, err := filepath.Glob("/proc/[0-9]*/fd/*")
	if err != nil {
		return ""
	}
	for _, link := range links {
		if target, err := os.Readlink(link); err != nil || target != "socket:["+inode+"]" {
			continue
		}
		process := filepath.Dir(filepath.Dir(link))
		name, err := os.ReadFile(filepath.Join(process, "comm"))
		if err != nil {
			return ""
		}
		return fmt.Sprintf("%s (process %s)", strings.TrimSpace(string(name)), filepath.Base(process))
	}
	return ""
}
