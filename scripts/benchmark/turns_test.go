package main

import (
	"io"
	"net"
	"os"
	"testing"
	"time"
)

// A window in which no message has room is followed by a longer one.
func TestLoadTriesALongerWindow(t *testing.T) {
	const slow = 150 * time.Millisecond
	addr := serve(t, func(conn net.Conn) {
		echoHello(conn)
		for message := make([]byte, 64); ; {
			if _, err := io.ReadFull(conn, message); err != nil {
				return
			}
			time.Sleep(slow) // it is a slow server that is wanted
			if _, err := conn.Write(message); err != nil {
				return
			}
		}
	})
	c := contender{name: "slow", protocol: echoes()}
	p := pace{window: slow / 2}
	got, err := c.load(t.Context(), &process{pid: os.Getpid(), addr: addr}, exchange{"slow", 1, 64, repeating(pieces)}, p)
	if err != nil || got.Messages == 0 {
		t.Errorf("got %d messages, %v", got.Messages, err)
	}
}

// What clients say is made before the window begins, however long that takes.
func TestLoadPreparesBeforehand(t *testing.T) {
	addr := serve(t, func(conn net.Conn) { io.Copy(conn, conn) })
	const slow = 100 * time.Millisecond
	c := contender{name: "echo", protocol: echoes()}
	l := exchange{"slow to prepare", 1, 64, func(l exchange, p protocol, who int) func() turn {
		time.Sleep(slow)
		return repeating(pieces)(l, p, who)
	}}
	got, err := c.loadOnce(t.Context(), &process{pid: os.Getpid(), addr: addr}, l, pace{window: slow / 2})
	if err != nil || got.Messages == 0 {
		t.Errorf("got %d messages, %v", got.Messages, err)
	}
}
