package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"socketlab/kit/textline"
)

// A command is a row of the table of what a client can say to the server. What
// is the same for all rows, words and their number and who may call it, is
// checked once, in obey.
type command struct {
	name  string
	usage string // as `/help` and `! usage` show it
	help  string // one line
	// least and most is how many words follow the name. The last one is all
	// the rest of the line where text is set.
	least, most int
	text        bool
	loggedIn    bool // only for those who are
	secret      bool // what follows the name is not logged
	do          func(s *chat, ctx context.Context, c *client, words []string) error
}

// commands is the table, in the order of `/help`.
func commands() []command {
	return []command{
		{name: "help", usage: "/help [COMMAND]", help: "list the commands, or show one", most: 1, do: (*chat).doHelp},
		{name: "nick", usage: "/nick NAME", help: "take another name", least: 1, most: 1, do: (*chat).doNick},
		{name: "register", usage: "/register NAME PASSWORD", help: "make a name your own", least: 2, most: 2, secret: true, do: (*chat).doRegister},
		{name: "login", usage: "/login NAME PASSWORD", help: "take the name that is your own", least: 2, most: 2, secret: true, do: (*chat).doLogin},
		{name: "passwd", usage: "/passwd OLD NEW", help: "change your password", least: 2, most: 2, loggedIn: true, secret: true, do: (*chat).doPasswd},
		{name: "join", usage: "/join #CHANNEL", help: "go to a channel, or make one", least: 1, most: 1, do: (*chat).doJoin},
		{name: "part", usage: "/part [#CHANNEL]", help: "leave a channel", most: 1, do: (*chat).doPart},
		{name: "channels", usage: "/channels", help: "list the channels, and how many are there", do: (*chat).doChannels},
		{name: "who", usage: "/who [#CHANNEL]", help: "list who is in a channel", most: 1, do: (*chat).doWho},
		{name: "msg", usage: "/msg NICK TEXT", help: "say something to one person alone", least: 2, most: 2, text: true, do: (*chat).doMsg},
		{name: "say", usage: "/say #CHANNEL TEXT", help: "say something in another channel of yours", least: 2, most: 2, text: true, do: (*chat).doSay},
		{name: "me", usage: "/me TEXT", help: "say what you are doing", least: 1, most: 1, text: true, do: (*chat).doMe},
		{name: "history", usage: "/history [N]", help: "show the last N lines of the channel, at most 100", most: 1, do: (*chat).doHistory},
		{name: "ping", usage: "/ping [TOKEN]", help: "hear `* pong TOKEN`, behind all that came before", most: 1, text: true, do: (*chat).doPing},
		{name: "quit", usage: "/quit [TEXT]", help: "leave, with a last word", most: 1, text: true, do: (*chat).doQuit},
	}
}

// obey does what a line asks for: a command, or to be passed on.
func (s *chat) obey(ctx context.Context, c *client, line string) error {
	line = strings.Trim(line, blanks)
	if !strings.HasPrefix(line, "/") {
		c.conn.LogData("Received", []byte(line))
		if text := printable(line); text != "" {
			return s.hub.say(c, "", text)
		}
		return nil
	}
	word, rest := cutWord(line)
	row, found := s.find(word)
	if !found {
		// What follows may be the password of a mistyped /login.
		c.conn.LogData("Received an unknown command", []byte(word))
		return refuse("unknown", "%s, try /help", printable(word))
	}
	if row.secret {
		line = word + " …"
	}
	c.conn.LogData("Received", []byte(line))
	if row.loggedIn && s.hub.accountOf(c) == "" {
		return refuse("login", "first, as in /login NAME PASSWORD")
	}
	words := row.split(rest)
	if len(words) < row.least || len(words) > row.most {
		return refuse("usage", "%s", row.usage)
	}
	return row.do(s, ctx, c, words)
}

// find looks a command up, with its slash or without, in any case.
func (s *chat) find(word string) (command, bool) {
	word = strings.ToLower(strings.TrimPrefix(word, "/"))
	i := slices.IndexFunc(s.commands, func(row command) bool { return row.name == word })
	if i < 0 {
		return command{}, false
	}
	return s.commands[i], true
}

// blanks are what separates words.
const blanks = " \t"

// cutWord returns the first word and what follows it, without the blanks in
// between.
func cutWord(text string) (word, rest string) {
	if i := strings.IndexAny(text, blanks); i >= 0 {
		return text[:i], strings.TrimLeft(text[i:], blanks)
	}
	return text, ""
}

// split cuts what follows a command into its words. The text of a command that
// takes one is made printable, and blanks in it stay.
func (row command) split(rest string) []string {
	var words []string
	for rest != "" {
		if row.text && len(words) == row.most-1 {
			if text := printable(rest); text != "" {
				words = append(words, text)
			}
			return words
		}
		var word string
		word, rest = cutWord(rest)
		words = append(words, word)
	}
	return words
}

// printable is text that can be shown to others. What was only a control
// character may leave nothing but blanks.
func printable(text string) string {
	return strings.Trim(textline.Printable(text), blanks)
}

// doHelp prints the table.
func (s *chat) doHelp(_ context.Context, c *client, words []string) error {
	if len(words) == 0 {
		for _, row := range s.commands {
			c.hear(row.describe())
		}
		return nil
	}
	row, found := s.find(words[0])
	if !found {
		return refuse("unknown", "%s, try /help", printable(words[0]))
	}
	c.hear(row.describe())
	return nil
}

func (row command) describe() []byte {
	return notice("%s", fmt.Sprintf("%-24s %s", row.usage, row.help))
}
