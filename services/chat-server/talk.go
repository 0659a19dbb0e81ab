package main

import (
	"context"
	"strings"
)

// The commands that say something.

func (s *chat) doSay(_ context.Context, c *client, words []string) error {
	to, err := parseChannel(words[0])
	if err != nil {
		return err
	}
	return s.hub.say(c, to.key, words[1])
}

func (s *chat) doMe(_ context.Context, c *client, words []string) error {
	return s.hub.act(c, words[0])
}

func (s *chat) doMsg(_ context.Context, c *client, words []string) error {
	return s.hub.whisper(c, words[0], words[1])
}

func (s *chat) doPing(_ context.Context, c *client, words []string) error {
	c.hear(pong(strings.Join(words, "")))
	return nil
}

// pong answers a ping.
func pong(token string) []byte {
	if token == "" {
		return notice("pong")
	}
	return notice("pong %s", token)
}

func (s *chat) doQuit(_ context.Context, c *client, words []string) error {
	if len(words) == 0 {
		return leave(c, "goodbye")
	}
	return leave(c, words[0])
}
