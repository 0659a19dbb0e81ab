package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A littleChat is a group chat with a fault. Its clients begin with
// "/join #CHANNEL NICK".
type littleChat struct {
	// carry takes line number n of a channel to those who hear it.
	carry func(n int, c carried)
	// mu guards members.
	mu      sync.Mutex
	members map[string][]net.Conn // of each channel
}

// carried is a line on its way.
type carried struct {
	channel, nick, text string
	speaker             net.Conn
	others              []net.Conn // in the channel
	strangers           []net.Conn // in other channels
}

func (c carried) line() string { return fmt.Sprintf("[%s] %s: %s\n", c.channel, c.nick, c.text) }

// hear is how it should be.
func (c carried) hear() {
	for _, conn := range c.others {
		io.WriteString(conn, c.line())
	}
}

func saysLittleChat() protocol {
	return protocol{
		enter: func(conn net.Conn, who client) error {
			return sayAndSkip(conn, fmt.Sprintf("/join %s %s\n", who.channel, who.nick), "* joined\n")
		},
		turn: saysChat().turn,
	}
}

// serve is one client.
func (chat *littleChat) serve(conn net.Conn) {
	lines := bufio.NewScanner(conn)
	if !lines.Scan() {
		return
	}
	var c carried
	fmt.Sscanf(lines.Text(), "/join %s %s", &c.channel, &c.nick)
	c.speaker = conn
	chat.mu.Lock()
	chat.members[c.channel] = append(chat.members[c.channel], conn)
	chat.mu.Unlock()
	io.WriteString(conn, "* joined\n")
	for n := 0; lines.Scan(); n++ {
		c.text, c.others, c.strangers = lines.Text(), nil, nil
		chat.mu.Lock()
		for channel, members := range chat.members {
			if channel == c.channel {
				c.others = slices.DeleteFunc(slices.Clone(members), func(m net.Conn) bool { return m == conn })
			} else {
				c.strangers = append(c.strangers, members...)
			}
		}
		chat.mu.Unlock()
		chat.carry(n, c)
	}
}

// smallFanOut is large enough for every fault.
var smallFanOut = fanOut{"test", 2, 2, 4, 64}

func runLittleChat(t *testing.T, carry func(n int, c carried)) (int64, error) {
	t.Helper()
	chat := littleChat{carry: carry, members: make(map[string][]net.Conn)}
	return runLoad(t, smallFanOut, saysLittleChat(), serve(t, chat.serve))
}

func TestFanOutCountsDeliveries(t *testing.T) {
	for name, carry := range map[string]func(int, carried){
		"in one piece": func(_ int, c carried) { c.hear() },
		"in pieces": func(n int, c carried) {
			line, at := c.line(), n%len(c.line())
			for _, piece := range []string{line[:at], line[at:]} {
				for _, conn := range c.others {
					io.WriteString(conn, piece)
				}
			}
		},
	} {
		if n, err := runLittleChat(t, carry); err != nil || n == 0 {
			t.Errorf("%s: got %d messages, %v; want some", name, n, err)
		}
	}
}

// A window that ends where it begins has no messages, though many lines are
// said before it, and the last of them heard after it.
func TestFanOutCountsWithinTheWindow(t *testing.T) {
	var lines atomic.Int64
	chat := littleChat{members: make(map[string][]net.Conn), carry: func(_ int, c carried) {
		lines.Add(1)
		c.hear()
	}}
	n, err := runLoadWithin(t, moment, moment, smallFanOut, saysLittleChat(), serve(t, chat.serve))
	if err != nil || n != 0 || lines.Load() == 0 {
		t.Errorf("got %d messages of %d lines, %v; want none of some", n, lines.Load(), err)
	}
}

// The load generator must notice every server that does not do what a chat
// should. The fault comes once, at the third line: so many are under way at
// once, however slow the machine is.
func TestFanOutNoticesFaults(t *testing.T) {
	tests := []struct {
		name  string
		fault func(c carried)
		want  string
	}{
		{"a line lost", func(c carried) { c.others = c.others[1:]; c.hear() }, "other bytes"},
		{"a line doubled", func(c carried) { c.hear(); c.others = c.others[1:]; c.hear() }, "than it should"},
		{"a bit changed", func(c carried) { c.text = c.text[:30] + string(c.text[30]^1) + c.text[31:]; c.hear() }, "other bytes"},
		{"another speaker", func(c carried) { c.nick += "x"; c.hear() }, "other bytes"},
		{"another channel's name", func(c carried) { c.channel += "x"; c.hear() }, "other bytes"},
		{"a line to another channel too", func(c carried) { c.hear(); c.others = c.strangers[:1]; c.hear() }, "#r1"},
		{"a line to its speaker too", func(c carried) { c.hear(); c.others = []net.Conn{c.speaker}; c.hear() }, "to the speaker"},
		{"an invented line", func(c carried) { c.hear(); c.text = "0000000099 boo"; c.hear() }, "than it should"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, err := runLittleChat(t, func(n int, c carried) {
				if n == 2 && c.channel == "#r0" {
					test.fault(c)
				} else {
					c.hear()
				}
			})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %d messages, %v; want an error with %q", n, err, test.want)
			}
		})
	}
	t.Run("wrong order", func(t *testing.T) {
		var held carried
		n, err := runLittleChat(t, func(n int, c carried) {
			switch {
			case n == 2 && c.channel == "#r0":
				held = c
			case n == 3 && c.channel == "#r0":
				c.hear()
				held.hear()
			default:
				c.hear()
			}
		})
		if err == nil || !strings.Contains(err.Error(), "other bytes") {
			t.Errorf("got %d messages, %v; want an error", n, err)
		}
	})
}

// A chat that keeps all to itself does not hold up the run.
func TestFanOutEndsWithItsContext(t *testing.T) {
	said := make(chan struct{}, smallFanOut.channels*smallFanOut.underWay)
	chat := littleChat{carry: func(int, carried) { said <- struct{}{} }, members: make(map[string][]net.Conn)}
	addr := serve(t, chat.serve)
	conns, err := saysLittleChat().enterAll(t.Context(), addr, smallFanOut.clients())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeAll(conns) })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := smallFanOut.run(ctx, conns, saysLittleChat(), window{time.Now(), time.Now().Add(time.Minute)})
		done <- err
	}()
	<-said
	cancel()
	select {
	case err := <-done:
		if err == nil {
			t.Error("no error although nothing was heard")
		}
	case <-time.After(5 * time.Second):
		t.Error("still waiting 5 s after its context was done")
	}
}

// The peers must be chats, and the load be one that a right chat passes.
func TestPeersChat(t *testing.T) {
	b := builder{checkout: "../..", dir: t.TempDir()}
	for _, peer := range []contender{
		b.ngircd(), b.inNode(nodeChannels, saysChannels(), "chat.js", "channels"),
	} {
		t.Run(peer.name, func(t *testing.T) {
			if n, err := runLoad(t, smallFanOut, peer.protocol, startPeer(t, peer).addr); err != nil || n == 0 {
				t.Errorf("got %d messages, %v; want some", n, err)
			}
		})
	}
	array := b.inNode(nodeArray, saysArray(), "chat.js", "array")
	t.Run(array.name, func(t *testing.T) {
		oneChannel := fanOut{"test", 1, 5, 4, 64}
		if n, err := runLoad(t, oneChannel, array.protocol, startPeer(t, array).addr); err != nil || n == 0 {
			t.Errorf("got %d messages, %v; want some", n, err)
		}
	})
}
