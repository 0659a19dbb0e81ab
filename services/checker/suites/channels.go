package suites

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"socketlab/checker/check"
)

// Channels checks a chat of several rooms.
func Channels() *check.Suite {
	return &check.Suite{
		Name: "channels", About: "several rooms over one connection", Page: "chat.md", Service: "chat-server", Port: "8126",
		Checks: []check.Check{
			{
				Clause: "CHAT-14",
				Title:  "/join makes a channel, and those who are there are told",
				Do:     channelsJoin,
				Cause:  "the channel is made anew for each who joins, or nobody is told",
				Hints: [3]string{
					"What happens to the first one in a channel when a second one joins?",
					"The channel is there already: add to it, and tell those who are in it.",
					"Look the channel up, make it if it is not there, tell its members, add the new one, answer with their number.",
				},
				ReadOn: "lesson 6, step 2",
			},
			{
				Clause: "CHAT-11",
				Title:  "what one says is heard in the current channel, and in no other",
				Do:     channelsTalk,
				Cause:  "the line goes to everybody on the server, or to a channel that the speaker was in before",
				Hints: [3]string{
					"Where does a line go, and how do you know?",
					"To the channel joined last. Each client has a current channel; only its members hear the line.",
					"Keep the members with the channel, and the current channel with the client. Write to the former by way of the latter.",
				},
				ReadOn: "lesson 6, step 3",
			},
			{
				Clause: "CHAT-15",
				Title:  "to join where one is already only goes there",
				Do:     channelsJoinAgain,
				Cause:  "who joins twice is in the list twice, and hears everything twice",
				Hints: [3]string{
					"How often is somebody in a channel who has joined it twice?",
					"Once. The second /join changes only where the next line goes.",
					"Ask whether the client is a member before you add it. \"* you talk in #channel now\".",
				},
				ReadOn: "lesson 6, step 3",
			},
			{
				Clause: "CHAT-13",
				Title:  "/say speaks in another channel of one's own, and in no foreign one",
				Do:     channelsSay,
				Cause:  "it is not asked whether the speaker is in the channel, or /say changes the current channel",
				Hints: [3]string{
					"May one speak in a channel without being there?",
					"No: \"! absent …\". And who speaks elsewhere by /say stays where they are.",
					"Look for the channel among those of the client, not among all.",
				},
				ReadOn: "lesson 6, step 3",
			},
			{
				Clause: "CHAT-16",
				Title:  "/part leaves one channel and goes back to the one before",
				Do:     channelsPart,
				Cause:  "the one who has left still hears the channel, or does not know where they talk now",
				Hints: [3]string{
					"Which two lists know that somebody is in a channel?",
					"The channel's list of members, and the member's list of channels. Both must forget.",
					"Take out of both, tell the others, and make the channel joined last the current one.",
				},
				ReadOn: "lesson 6, step 7",
			},
			{
				Clause: "CHAT-17",
				Title:  "/who and /channels list who is where",
				Do:     channelsWho,
				Cause:  "the number is of all who ever came, or the last line is missing",
				Hints: [3]string{
					"How does a client know that a list has ended?",
					"By its last line: \"* N in #channel\", \"* N channels\".",
					"Print from the list of members itself, and never count by hand.",
				},
				ReadOn: "lesson 6, step 2",
			},
			{
				Clause: "CHAT-18",
				Title:  "who comes late hears what was said before",
				Do:     channelsHistory,
				Cause:  "nothing is kept, or notices are kept as well",
				Hints: [3]string{
					"What has been said before you came, and who remembers it?",
					"The channel: its last 100 lines. Who joins hears the last 10, /history shows more.",
					"Append each line that is said, and drop the oldest beyond 100. Notices are not said by anybody.",
				},
				ReadOn: "lesson 6, step 4",
			},
			{
				Clause: "CHAT-19",
				Title:  "a channel that everybody has left is gone, and its history too",
				Do:     channelsGone,
				Cause:  "empty channels stay, so that strangers can fill the memory with them, and read what others have said",
				Hints: [3]string{
					"What is left of a channel when the last one leaves?",
					"Nothing. One that is made again begins anew.",
					"Where you take a member out: if nobody is left, and it is not #lobby, delete the channel.",
				},
				ReadOn: "lesson 6, step 7",
			},
			{
				Clause: "CHAT-20",
				Title:  "names of channels have a form, and do not differ in case alone",
				Do:     channelsNames,
				Cause:  "any text is taken for a name, or #Tea and #tea are two channels",
				Hints: [3]string{
					"Are #Tea and #tea one channel?",
					"They are. It is shown as whoever made it wrote it.",
					"# and 1 to 30 letters, digits, _ or -; else \"! channel …\". Compare in small letters.",
				},
				ReadOn: "lesson 6, step 6",
			},
			{
				Clause: "CHAT-9",
				Title:  "who shares two channels with one who leaves hears it once",
				Do:     channelsOnce,
				Cause:  "the end is told in each channel, and so to some people twice",
				Hints: [3]string{
					"How often do you want to hear that bob has left?",
					"Once, however many channels you share with him.",
					"Collect the people of all his channels in a set first, then tell each of them.",
				},
				ReadOn: "lesson 6, step 5",
			},
			{
				Clause: "CHAT-29",
				Title:  "one who does not read does not stall the room",
				Do:     channelsSlowReader,
				// The room carries thousands of lines.
				Patience: 2,
				Cause:    "the line is written to one after the other, and the one who does not read makes write wait",
				Hints: [3]string{
					"Where does your server wait when one client takes nothing any more?",
					"In write, when both kernels' buffers are full. If that is the loop that serves the room, the room waits.",
					"Give each client a bounded queue and a writer of its own. A queue that is full means: drop that client.",
				},
				ReadOn: "lesson 5, step 6",
			},
		},
	}
}

// channel is a name that nobody else has.
func channel(t *check.Try) string { return "#" + t.Word() }

// joins goes to a channel in which, with oneself, n people are.
func (p *person) joins(name string, n int) {
	p.Send("/join " + name + "\n")
	p.Until(fmt.Sprintf("* you joined %s, %d here", name, n))
}

func channelsJoin(t *check.Try) {
	alice, bob := comes(t, "alice"), comes(t, "bob")
	tea := channel(t)
	alice.joins(tea, 1)
	bob.joins(tea, 2)
	alice.Until("* " + bob.nick + " joined " + tea)
}

func channelsTalk(t *check.Try) {
	alice, bob, carol := comes(t, "alice"), comes(t, "bob"), comes(t, "carol")
	tea, word := channel(t), t.Word()
	alice.joins(tea, 1)
	bob.joins(tea, 2)
	alice.Send(word + "\n")
	bob.Until("[" + tea + "] " + alice.nick + ": " + word)
	alice.MustNotHave(alice.settles(), word)
	carol.MustNotHave(carol.settles(), word) // she is in the lobby, and so were they
}

func channelsJoinAgain(t *check.Try) {
	alice, bob := comes(t, "alice"), comes(t, "bob")
	tea, word := channel(t), t.Word()
	alice.joins(tea, 1)
	bob.joins(tea, 2)
	bob.Send("/join #lobby\n")
	bob.Until("* you talk in #lobby now")
	bob.Send("/join " + tea + "\n")
	bob.Until("* you talk in " + tea + " now")
	alice.Send(word + "\n")
	bob.Until("[" + tea + "] " + alice.nick + ": " + word)
	bob.MustNotHave(bob.settles(), word) // a second time
}

func channelsSay(t *check.Try) {
	alice, bob := comes(t, "alice"), comes(t, "bob")
	tea, foreign, word := channel(t), channel(t), t.Word()
	alice.joins(tea, 1)
	bob.joins(foreign, 1)
	bob.Send("/say " + tea + " " + word + "\n")
	bob.refused("absent")
	alice.MustNotHave(alice.settles(), word)
	alice.Send("/say #lobby 1" + word + "\n2" + word + "\n")
	heard := bob.Until(lobby + alice.nick + ": 1" + word)
	bob.MustNotHave(append(heard, bob.settles()...), "2"+word)
}

func channelsPart(t *check.Try) {
	alice, bob := comes(t, "alice"), comes(t, "bob")
	tea, word := channel(t), t.Word()
	alice.joins(tea, 1)
	bob.joins(tea, 2)
	bob.Send("/part\n")
	bob.Until("* you left " + tea)
	bob.Until("* you talk in #lobby now")
	alice.Until("* " + bob.nick + " left " + tea)
	alice.Send(word + "\n")
	alice.settles()
	bob.MustNotHave(bob.settles(), word)
	alice.Send("/part " + tea + "\n/part\n")
	alice.Until("* you left #lobby")
	alice.Until("* you are in no channel now")
	alice.Send(word + "\n")
	alice.refused("absent")
}

func channelsWho(t *check.Try) {
	alice, bob := comes(t, "alice"), comes(t, "bob")
	tea := channel(t)
	alice.joins(tea, 1)
	bob.Send("/who " + tea + "\n")
	bob.MustHave(bob.Until("* 1 in "+tea), "* "+tea+" "+alice.nick)
	bob.joins(tea, 2)
	bob.Send("/who\n")
	bob.MustHave(bob.Until("* 2 in "+tea), "* "+tea+" "+alice.nick+" "+bob.nick)
	bob.Send("/channels\n")
	heard := bob.settles()
	bob.MustHave(heard, "* "+tea+" 2")
	if !slices.ContainsFunc(heard, func(line string) bool { return strings.HasSuffix(line, " channels") }) {
		bob.MustHave(heard, "* N channels")
	}
}

func channelsHistory(t *check.Try) {
	alice, bob := comes(t, "alice"), comes(t, "bob")
	tea, word := channel(t), t.Word()
	alice.joins(tea, 1)
	for n := range 11 {
		alice.Send(fmt.Sprintf("%s %d\n", word, n))
	}
	alice.settles()
	line := func(n int) string { return fmt.Sprintf("[%s] %s: %s %d", tea, alice.nick, word, n) }
	bob.joins(tea, 2)
	bob.Until("* history of " + tea + ", 10 lines")
	for n := 1; n <= 10; n++ {
		bob.Until(line(n))
	}
	bob.Send("/history\n")
	bob.Until("* history of " + tea + ", 11 lines")
	for n := range 11 {
		bob.Until(line(n))
	}
	bob.Send("/history 1\n")
	bob.Until("* history of " + tea + ", 1 lines")
	bob.Until(line(10))
}

func channelsGone(t *check.Try) {
	alice, bob := comes(t, "alice"), comes(t, "bob")
	tea, word := channel(t), t.Word()
	alice.joins(tea, 1)
	alice.Send(word + "\n/part\n")
	alice.Until("* you left " + tea)
	bob.Send("/channels\n")
	bob.MustNotHave(bob.settles(), tea)
	bob.joins(tea, 1)
	bob.MustNotHave(bob.settles(), word)
}

func channelsNames(t *check.Try) {
	alice, bob := comes(t, "alice"), comes(t, "bob")
	word := t.Word()
	for _, name := range []string{word, "#", "#a.b", "#" + strings.Repeat("x", 31)} {
		alice.Send("/join " + name + "\n")
		alice.refused("channel")
	}
	shown := "#" + strings.ToUpper(word[:1]) + word[1:]
	alice.joins(shown, 1)
	bob.Send("/join #" + word + "\n")
	bob.Until(fmt.Sprintf("* you joined %s, 2 here", shown))
}

func channelsOnce(t *check.Try) {
	alice, bob := comes(t, "alice"), comes(t, "bob")
	tea := channel(t)
	alice.joins(tea, 1)
	bob.joins(tea, 2) // and both are in the lobby
	bob.Send("/quit\n")
	gone := "* " + bob.nick + " quit (goodbye)"
	alice.Until(gone)
	if slices.Contains(alice.settles(), gone) {
		t.Fail("alice heard %q a second time", gone)
	}
}

// channelsSlowReader lets a crowd say more than the kernels' buffers hold for
// one who reads nothing.
func channelsSlowReader(t *check.Try) {
	const crowd, each = 25, 15
	bob, carol := comes(t, "bob"), comes(t, "carol")
	began := time.Now()
	carol.Send("/ping " + strings.Repeat("x", 100) + "\n")
	carol.Until("* pong " + strings.Repeat("x", 100))
	took := time.Since(began)

	tea, word := channel(t), t.Word()
	carol.joins(tea, 1)
	slow := t.DialNarrow("dave, who does not read,")
	slow.Send("/nick dave-" + word + "\n/join " + tea + "\n")
	carol.Until("* dave-" + word + " joined " + tea)
	t.Together(crowd, 5, func(i int) {
		speaker := t.Dial(fmt.Sprintf("speaker %d", i+1))
		speaker.ExpectBegin("* welcome, ")
		speaker.Send("/join " + tea + "\n" + strings.Repeat(strings.Repeat("x", 1000)+"\n", each))
		// Who stays would have to be told what the next ones say.
		speaker.Send("/part\n/msg " + bob.nick + " " + word + "\n")
	})
	// Bob is elsewhere. That a speaker's last line is heard shows that those
	// before it have been carried.
	for heard := 0; heard < crowd; {
		if line := bob.Line("from each speaker a line with " + word); strings.Contains(line, word) {
			heard++
		}
	}
	// What carol hears of it takes a slow server too long.
	if all := crowd * each * 1100; t.Afford(100, took, 0, all) == all {
		carol.settles()
	}
}
