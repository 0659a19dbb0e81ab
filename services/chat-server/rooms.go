package main

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

// The commands about channels.

func (s *chat) doJoin(_ context.Context, c *client, words []string) error {
	to, err := parseChannel(words[0])
	if err != nil {
		return err
	}
	return s.hub.join(c, to)
}

func (s *chat) doPart(_ context.Context, c *client, words []string) error {
	key, err := channelKey(words)
	if err != nil {
		return err
	}
	return s.hub.part(c, key)
}

// channelKey is the key of the channel that the first word names; "" where
// there is no word: the current channel.
func channelKey(words []string) (string, error) {
	if len(words) == 0 {
		return "", nil
	}
	named, err := parseChannel(words[0])
	return named.key, err
}

// What a list shows at most. Longer ones help nobody, and each answer must fit
// into a client's queue.
const (
	roomsShown    = 100
	nicksShown    = 200
	nicksInALine  = 10
	historyLength = 20
)

func (s *chat) doChannels(_ context.Context, c *client, _ []string) error {
	rooms := s.hub.rooms()
	for _, r := range rooms[:min(roomsShown, len(rooms))] {
		c.hear(notice("%s %d", r.name, r.size))
	}
	c.hear(notice("%d channels", len(rooms)))
	return nil
}

func (s *chat) doWho(_ context.Context, c *client, words []string) error {
	key, err := channelKey(words)
	if err != nil {
		return err
	}
	shown, nicks, all, err := s.hub.who(c, key, nicksShown)
	if err != nil {
		return err
	}
	for line := range slices.Chunk(nicks, nicksInALine) {
		c.hear(notice("%s %s", shown, strings.Join(line, " ")))
	}
	c.hear(notice("%d in %s", all, shown))
	return nil
}

func (s *chat) doHistory(_ context.Context, c *client, words []string) error {
	n := historyLength
	if len(words) > 0 {
		var err error
		if n, err = strconv.Atoi(words[0]); err != nil || n < 1 || n > keptLines {
			return refuse("usage", "/history [N], with N from 1 to %d", keptLines)
		}
	}
	return s.hub.tellHistory(c, n)
}
