package main

import (
	"context"
	"fmt"
	"path/filepath"
)

// The loads of the chat server.
const (
	wide     = "1 channel: 1 speaks, 1,000 listen, 16 lines under way"
	wideSlow = "1 channel: 1 speaks, 1,000 listen, 1 line under way"
	many     = "100 channels: 1 speaks, 19 listen, 16 lines under way in each"
)

// The contenders.
const (
	chatServer   = "chat-server"
	ngircd       = "ngircd"
	nodeArray    = "node, an array of sockets"
	nodeChannels = "node, an array a channel"
)

// chatSuite compares the chat server with an IRC server in C and with what one
// writes in Node after the guide.
func chatSuite(ctx context.Context, b builder) (suite, error) {
	binary, err := b.goService(ctx, "chat-server")
	if err != nil {
		return suite{}, err
	}
	chat := b.service(chatServer, saysChat(), binary, "CHAT_ADDR",
		"CHAT_DATA="+filepath.Join(b.dir, "chat.db"), "CHAT_RATE=0", "LOG_LEVEL=warn", "MAX_CONNS=20000")
	irc := b.ngircd()
	array := b.inNode(nodeArray, saysArray(), "chat.js", "array")
	channels := b.inNode(nodeChannels, saysChannels(), "chat.js", "channels")
	steps := []int{0, 1000, 10000}

	return suite{
		note: "A message is what one listener hears of a line: a line that 1,000 hear is 1,000 messages.",
		trials: []trial{
			{fanOut{wide, 1, 1000, 16, 64}, []contender{chat, irc, array}},
			{fanOut{wideSlow, 1, 1000, 1, 64}, []contender{chat, irc, array}},
			{fanOut{many, 100, 19, 16, 64}, []contender{chat, irc, channels}},
		},
		headline: func(r *report) string {
			return fmt.Sprintf("**Chat**: to 1,000 listeners the lab's server delivers %s times as many lines a second as ngircd, and %s times as "+
				"many as Node's array of sockets.", r.times(wide, messageRate(), chatServer, ngircd), r.times(wide, messageRate(), chatServer, nodeArray))
		},
		bars: append(barsOf("chat, 1,000 listen", wide, chatServer, ngircd, nodeArray),
			barsOf("chat, 100 channels", many, chatServer, ngircd, nodeChannels)...),
		growths: []growth{{
			title: "1 speaks, and more and more listen, 16 lines under way", of: "members", sizes: []int{10, 50, 200, 1000, 2000},
			load:       func(title string, n int) load { return fanOut{title, 1, n - 1, 16, 64} },
			contenders: []contender{chat, irc, array},
		}},
		idlers: []idler{{chat, steps}, {irc, steps}, {channels, steps}},
		ratios: []ratio{
			{wide, messageRate(), chatServer, ngircd, atLeast(2)},
			{wide, messageRate(), chatServer, nodeArray, atLeast(3)},
			{wide, cpuPerMessage(), chatServer, ngircd, anything()},
			{wide, cpuPerMessage(), chatServer, nodeArray, anything()},
			{wideSlow, cpuPerMessage(), chatServer, ngircd, anything()},
			{wideSlow, cpuPerMessage(), chatServer, nodeArray, anything()},
			{many, messageRate(), chatServer, ngircd, anything()},
			{many, messageRate(), chatServer, nodeChannels, anything()},
			{many, cpuPerMessage(), chatServer, ngircd, anything()},
			{many, cpuPerMessage(), chatServer, nodeChannels, anything()},
		},
		idleBounds: []idleBound{
			{chatServer, 10000, "resident MB", residentMB, atMost(150)},
			{chatServer, 10000, "descriptors a connection", perConnection, exactly(1)},
		},
	}, nil
}
