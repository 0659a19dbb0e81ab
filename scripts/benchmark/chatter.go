package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
)

// saysChat is the lab's own chat, lab-guide/protocols/chat.md.
func saysChat() protocol {
	const ping, pong = "/ping done\n", "* pong done\n"
	return protocol{
		enter: func(conn net.Conn, who client) error {
			// Who leaves the lobby at once is not told of all who come later.
			return sayAndSkip(conn, "/nick "+who.nick+"\n/part #lobby\n"+ping, pong)
		},
		join: func(who client) string { return "/join " + who.channel + "\n" },
		ping: ping, pong: pong,
		turn: func(who client, text []byte) turn {
			return turn{fmt.Appendf(nil, "%s\n", text), fmt.Appendf(nil, "[%s] %s: %s\n", who.channel, who.nick, text)}
		},
	}
}

// saysIRC is RFC 2812, as the server of that name speaks it.
func saysIRC(server string) protocol {
	const ping = "PING :done\r\n"
	pong := fmt.Sprintf(":%[1]s PONG %[1]s :done\r\n", server)
	return protocol{
		enter: func(conn net.Conn, who client) error {
			return sayAndSkip(conn, fmt.Sprintf("NICK %[1]s\r\nUSER %[1]s 0 * :%[1]s\r\n%[2]s", who.nick, ping), pong)
		},
		join: func(who client) string { return "JOIN " + who.channel + "\r\n" },
		ping: ping, pong: pong,
		turn: func(who client, text []byte) turn {
			said := fmt.Appendf(nil, "PRIVMSG %s :%s\r\n", who.channel, text)
			return turn{said, fmt.Appendf(nil, ":%[1]s!~%[1]s@127.0.0.1 %[2]s", who.nick, said)}
		},
	}
}

// saysArray is what peers/chat.js does: it passes on what it gets, with no name
// in front, and tells nobody of others.
func saysArray() protocol {
	return protocol{
		enter: func(conn net.Conn, _ client) error { return sayAndSkip(conn, "", greeting) },
		turn:  passOn,
	}
}

// saysChannels is the same with channels.
func saysChannels() protocol {
	return protocol{
		enter: func(conn net.Conn, who client) error {
			return sayAndSkip(conn, "/join "+who.channel+"\n", "* you joined "+who.channel+"\n")
		},
		turn: passOn,
	}
}

func passOn(_ client, text []byte) turn {
	line := fmt.Appendf(nil, "%s\n", text)
	return turn{line, line}
}

// sayAndSkip says text and skips what comes before its answer.
func sayAndSkip(conn net.Conn, text, answer string) error {
	if err := say(conn, text); err != nil {
		return err
	}
	return skipTo(conn, answer)
}

func say(conn net.Conn, text string) error {
	_, err := io.WriteString(conn, text)
	return err
}

// skipTo reads up to the line want, and forgets it. What has been read behind
// it is forgotten too.
func skipTo(conn net.Conn, want string) error {
	lines := bufio.NewReader(conn)
	var last string
	for {
		line, err := lines.ReadSlice('\n')
		switch {
		case string(line) == want:
			return nil
		case err != nil:
			return fmt.Errorf("waiting for %q: %w; the line before: %q", want, err, last)
		}
		last = string(line)
	}
}
