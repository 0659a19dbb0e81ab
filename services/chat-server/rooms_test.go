package main

import (
	"fmt"
	"strings"
	"testing"

	"socketlab/kit/nettest"
)

// CHAT-11
func TestTalkGoesToTheOthersInTheChannel(t *testing.T) {
	room := people(t, start(t).Addr, "alice", "bob", "carol")
	alice, bob, carol := room[0], room[1], room[2]
	carol.Send("/join #go\n/part #lobby\n")
	carol.SkipTo("* you left #lobby\n")
	settle(room...)
	alice.Send("  hello,  world \n")
	bob.Expect("[#lobby] alice: hello,  world\n")
	bob.Send("Γειά σου, 你好 🙂 e\u0301\n")
	alice.Expect("[#lobby] bob: Γειά σου, 你好 🙂 e\u0301\n")
	silent(t, alice, bob, carol)
}

// CHAT-12
func TestOneOrderForAll(t *testing.T) {
	room := people(t, start(t).Addr, "alice", "bob", "carol")
	alice, bob, carol := room[0], room[1], room[2]
	alice.Send("one\n")
	bob.Expect("[#lobby] alice: one\n")
	bob.Send("two\n/nick bobby\nthree\n/part\n")
	bob.SkipTo("* you left #lobby\n")
	alice.Expect("[#lobby] bob: two\n* bob is now bobby\n[#lobby] bobby: three\n* bobby left #lobby\n")
	carol.Expect("[#lobby] alice: one\n[#lobby] bob: two\n* bob is now bobby\n[#lobby] bobby: three\n* bobby left #lobby\n")
}

// CHAT-13
func TestSpeakingElsewhere(t *testing.T) {
	room := people(t, start(t).Addr, "alice", "bob")
	alice, bob := room[0], room[1]
	alice.Send("/join #go\n/say #LOBBY over  there\n/me sits\nhere\n")
	alice.Expect("* you joined #go, 1 here\n")
	bob.Expect("[#lobby] alice: over  there\n")
	alice.Send("/say #rust hello\n/say lobby hello\n/say #lobby\n")
	alice.Expect("! absent you are not in that channel; /join it first\n" +
		"! channel a channel is # and 1 to 30 letters, digits, _ or -, as in #lobby\n" +
		"! usage /say #CHANNEL TEXT\n")
	alice.Send("/part #go\n/part #lobby\nhello\n/me waves\n/history\n/who\n/part\n")
	alice.Expect("* you left #go\n* you talk in #lobby now\n* you left #lobby\n* you are in no channel now\n" +
		strings.Repeat("! absent you are in no channel; /join one, as in /join #lobby\n", 5))
	bob.Expect("* alice left #lobby\n")
	silent(t, alice, bob)
}

// CHAT-14 CHAT-15
func TestJoining(t *testing.T) {
	room := people(t, start(t).Addr, "alice", "bob")
	alice, bob := room[0], room[1]
	alice.Send("/join #Go\nfirst\nsecond\n/me waves\n")
	alice.Expect("* you joined #Go, 1 here\n")
	settle(alice)
	bob.Send("/join #GO\n")
	bob.Expect("* you joined #Go, 2 here\n* history of #Go, 3 lines\n" +
		"[#Go] alice: first\n[#Go] alice: second\n[#Go] * alice waves\n")
	alice.Expect("* bob joined #Go\n")
	bob.Send("/join #lobby\nback\n")
	bob.Expect("* you talk in #lobby now\n")
	alice.Expect("[#lobby] bob: back\n")
	for i := range 12 {
		alice.Send(fmt.Sprintf("line %d\n", i))
	}
	settle(alice, bob)
	carol := nettest.Dial(t, alice.Conn.RemoteAddr().String())
	carol.SkipTo("* history of #lobby, 1 lines\n[#lobby] bob: back\n")
	carol.Send("/join #go\n")
	carol.Expect("* you joined #Go, 3 here\n* history of #Go, 10 lines\n[#Go] alice: line 2\n")
	carol.SkipTo("[#Go] alice: line 11\n")
	silent(t, carol)
}

// CHAT-16
func TestLeavingAChannel(t *testing.T) {
	room := people(t, start(t).Addr, "alice", "bob")
	alice, bob := room[0], room[1]
	for _, c := range room {
		c.Send("/join #a\n/join #b\n/join #c\n")
		c.SkipTo("* you joined #c, ")
	}
	settle(room...)
	alice.Send("/part #A\nstill in c\n/part\nnow in b\n/part\n/part #b\n")
	alice.Expect("* you left #a\n* you left #c\n* you talk in #b now\n* you left #b\n* you talk in #lobby now\n" +
		"! absent you are not in that channel; /join it first\n")
	bob.Expect("* alice left #a\n[#c] alice: still in c\n* alice left #c\n[#b] alice: now in b\n* alice left #b\n")
	silent(t, room...)
}

// CHAT-17 CHAT-19
func TestLists(t *testing.T) {
	room := people(t, start(t).Addr, "alice", "bob", "carol")
	alice, bob := room[0], room[1]
	bob.Send("/join #b\nremember this\n")
	bob.Expect("* you joined #b, 1 here\n")
	settle(bob)
	alice.Send("/join #a\n/join #B\n/channels\n/who\n/who #LOBBY\n/who #none\n/who none\n")
	alice.Expect("* you joined #a, 1 here\n* you joined #b, 2 here\n* history of #b, 1 lines\n[#b] bob: remember this\n" +
		"* #lobby 3\n* #b 2\n* #a 1\n* 3 channels\n" +
		"* #b bob alice\n* 2 in #b\n* #lobby alice bob carol\n* 3 in #lobby\n" +
		"! absent there is no such channel; /channels lists them\n" +
		"! channel a channel is # and 1 to 30 letters, digits, _ or -, as in #lobby\n")
	settle(bob)
	bob.Send("/part #b\n")
	bob.SkipTo("* you talk in #lobby now\n")
	alice.Send("/part #b\n/part #a\n/part #lobby\n/channels\n/join #b\n")
	alice.SkipTo("* you are in no channel now\n")
	alice.Expect("* #lobby 2\n* 1 channels\n* you joined #b, 1 here\n") // nothing is remembered
	for _, c := range room[1:] {
		c.Send("/part\n")
	}
	settle(room[1:]...)
	alice.Send("/who #lobby\n/channels\n")
	alice.Expect("* 0 in #lobby\n* #b 1\n* #lobby 0\n* 2 channels\n") // the lobby stays
}

// CHAT-17
func TestLongLists(t *testing.T) {
	server := start(t)
	names := make([]string, 202)
	for i := range names {
		names[i] = fmt.Sprintf("nick%d", i)
	}
	all := people(t, server.Addr, names...)
	first := all[0]
	first.Send("/who\n")
	for i := 0; i < 200; i += 10 {
		first.Expect("* #lobby " + strings.Join(names[i:i+10], " ") + "\n")
	}
	first.Expect("* 202 in #lobby\n")
	for i := range 101 {
		all[i].Send(fmt.Sprintf("/join #c%d\n", i))
	}
	settle(all...)
	first.Send("/channels\n")
	first.Expect("* #lobby 202\n* #c0 1\n* #c1 1\n* #c10 1\n* #c100 1\n* #c11 1\n")
	first.SkipTo("* 102 channels\n")
	silent(t, first)
}

// CHAT-18
func TestHistory(t *testing.T) {
	room := people(t, start(t).Addr, "alice", "bob")
	alice, bob := room[0], room[1]
	alice.Send("/history\n")
	alice.Expect("* history of #lobby, 0 lines\n")
	for i := range 105 {
		alice.Send(fmt.Sprintf("line %d\n", i))
	}
	settle(alice, bob)
	lines := func(from, to int) string {
		text := fmt.Sprintf("* history of #lobby, %d lines\n", to-from)
		for i := from; i < to; i++ {
			text += fmt.Sprintf("[#lobby] alice: line %d\n", i)
		}
		return text
	}
	bob.Send("/history 3\n/history\n/history 100\n")
	bob.Expect(lines(102, 105) + lines(85, 105) + lines(5, 105))
	const usage = "! usage /history [N], with N from 1 to 100\n"
	bob.Send("/history 0\n/history 101\n/history many\n")
	bob.Expect(usage + usage + usage)
}

// CHAT-20
func TestNamesOfChannels(t *testing.T) {
	alice := people(t, start(t).Addr, "alice")[0]
	const wrong = "! channel a channel is # and 1 to 30 letters, digits, _ or -, as in #lobby\n"
	for asked, heard := range map[string]string{
		"#":                           wrong,
		"go":                          wrong,
		"##go":                        wrong,
		"#go,rust":                    wrong,
		"#" + strings.Repeat("x", 31): wrong,
		"#\u0301x":                    wrong,
		"#ÉCOLE":                      "* you joined #ÉCOLE, 1 here\n",
		"#हिन्दी":                     "* you joined #हिन्दी, 1 here\n",
		"#1":                          "* you joined #1, 1 here\n",
		"#" + strings.Repeat("ж", 30): "* you joined #" + strings.Repeat("ж", 30) + ", 1 here\n",
	} {
		alice.Send("/join " + asked + "\n")
		alice.Expect(heard)
	}
	alice.Send("/join #e\u0301cole\n") // another way to write it
	alice.Expect("* you talk in #ÉCOLE now\n")
}

// CHAT-20
func TestHowManyChannels(t *testing.T) {
	addr := start(t).Addr
	const eachMay, thereMayBe = 20, 1000
	var last *nettest.Client
	made := 1 // the lobby
	for n := 0; made < thereMayBe; n++ {
		last = nettest.Dial(t, addr)
		for range eachMay - 1 {
			if made < thereMayBe {
				last.Send(fmt.Sprintf("/join #c%d\n", made))
				made++
			}
		}
		settle(last)
	}
	last.Send("/join #onemore\n/channels\n")
	last.Expect("! toomany there are 1000 channels already; /join one of them, /channels lists them\n")
	last.SkipTo("* 1000 channels\n")

	greedy := nettest.Dial(t, addr)
	for i := range eachMay - 1 {
		greedy.Send(fmt.Sprintf("/join #c%d\n", i+1))
	}
	settle(greedy)
	greedy.Send("/join #c900\n/part #c1\n/join #c900\n")
	greedy.Expect("! toomany you are in 20 channels; /part one of them\n* you left #c1\n* you joined #c900, 2 here\n")
}
