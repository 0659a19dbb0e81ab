package main

import (
	"testing"
	"time"

	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// CHAT-7
func TestEveryGuestHasANumber(t *testing.T) {
	addr := start(t).Addr
	first := guest(t, addr, 1, 1)
	second := guest(t, addr, 2, 2)
	first.Expect("* guest-2 joined #lobby\n")
	first.Send("hello\n")
	second.Expect("[#lobby] guest-1: hello\n")
	second.Send("/quit\n")
	first.Expect("* guest-2 quit (goodbye)\n")
	third := nettest.Dial(t, addr)
	third.Expect("* welcome, you are guest-3; /help lists the commands\n* you joined #lobby, 2 here\n" +
		"* history of #lobby, 1 lines\n[#lobby] guest-1: hello\n")
}

// CHAT-8 CHAT-9
func TestHowOneLeaves(t *testing.T) {
	for name, test := range map[string]struct {
		leave func(*nettest.Client)
		heard string
	}{
		"quit": {func(c *nettest.Client) {
			c.Send("/quit\nnobody hears this\n")
			c.Expect("* goodbye\n")
			c.ExpectEnd()
		}, "* alice quit (goodbye)\n"},
		"quit with a last word": {func(c *nettest.Client) {
			c.Send("/QUIT so long,  folks\n")
			c.Expect("* goodbye\n")
			c.ExpectEnd()
		}, "* alice quit (so long,  folks)\n"},
		"FIN": {func(c *nettest.Client) {
			c.CloseWrite()
			c.ExpectEnd()
		}, "* alice quit (connection closed)\n"},
		"RST": {func(c *nettest.Client) { c.Reset() }, "* alice quit (connection lost)\n"},
	} {
		t.Run(name, func(t *testing.T) {
			room := people(t, start(t).Addr, "alice", "bob", "carol")
			for _, c := range room[:2] { // two channels in common, and bob still hears it once
				c.Send("/join #both\n")
			}
			settle(room...)
			test.leave(room[0])
			room[1].Expect(test.heard)
			room[2].Expect(test.heard)
			room[1].Send("/who #both\n")
			room[1].Expect("* #both bob\n* 1 in #both\n")
			silent(t, room[1:]...)
		})
	}
}

// CHAT-10
func TestAFullServer(t *testing.T) {
	addr := start(t, func(_ *chat, server *netserver.Server) { server.Limits.MaxConns = 1 }).Addr
	guest(t, addr, 1, 1)
	bob := nettest.Dial(t, addr)
	bob.Expect("! server full, try again later\n")
	bob.ExpectEnd()
}

// CHAT-9 CHAT-10
func TestAServerThatShutsDown(t *testing.T) {
	server := start(t, func(_ *chat, server *netserver.Server) { server.Limits.Grace = time.Second })
	room := people(t, server.Addr, "alice", "bob")
	server.BeginStop()
	for _, c := range room {
		c.Expect("* the server is shutting down\n")
		c.ExpectEnd()
	}
}

// CHAT-10
func TestOneWhoIsSilentForTooLong(t *testing.T) {
	addr := start(t, func(_ *chat, server *netserver.Server) { server.Limits.IdleTimeout = 200 * time.Millisecond }).Addr
	alice := guest(t, addr, 1, 1)
	alice.Expect("* you were silent for too long\n")
	alice.ExpectEnd()
}
