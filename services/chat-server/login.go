package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"golang.org/x/text/secure/precis"

	"socketlab/chat-server/accounts"
)

// The commands about names and accounts.

// maxTries is how many wrong passwords one connection may try.
const maxTries = 5

func (s *chat) doNick(_ context.Context, c *client, words []string) error {
	to, err := parseFreeNick(words[0])
	if err != nil {
		return err
	}
	if s.hub.accountOf(c) != to.key && s.accounts.Registered(to.key) {
		return refuse("registered", "%s belongs to somebody; if that is you: /login %s PASSWORD", to.shown, to.shown)
	}
	return s.hub.rename(c, to)
}

// parseFreeNick is parseNick without the names of guests.
func parseFreeNick(text string) (name, error) {
	to, err := parseNick(text)
	if err == nil && guestKey.MatchString(to.key) {
		return name{}, refuse("taken", "guest- and a number is for the server to give; choose another name")
	}
	return to, err
}

func (s *chat) doRegister(ctx context.Context, c *client, words []string) error {
	account, err := parseFreeNick(words[0])
	if err != nil {
		return err
	}
	if err := s.hub.mayRegister(c, account); err != nil {
		return err
	}
	password, err := normalised(words[1])
	if err != nil {
		return err
	}
	if err := s.accounts.Register(ctx, account.key, account.shown, password); err != nil {
		return s.inWords(ctx, c, account.shown, err)
	}
	c.conn.Log().WithField("name", account.shown).Info("Account registered")
	return s.hub.logIn(c, account, notice("registered %s", account.shown))
}

func (s *chat) doLogin(ctx context.Context, c *client, words []string) error {
	asked, err := parseNick(words[0])
	if err != nil {
		return err
	}
	password, err := normalised(words[1])
	if err != nil {
		return err
	}
	shown, err := s.accounts.Login(ctx, asked.key, password)
	if err != nil {
		return s.inWords(ctx, c, asked.shown, err)
	}
	c.conn.Log().WithField("name", shown).Info("Logged in")
	return s.hub.logIn(c, name{shown, asked.key}, notice("logged in as %s", shown))
}

func (s *chat) doPasswd(ctx context.Context, c *client, words []string) error {
	old, err := normalised(words[0])
	if err != nil {
		return err
	}
	new, err := normalised(words[1])
	if err != nil {
		return err
	}
	account := s.hub.accountOf(c)
	if err := s.accounts.ChangePassword(ctx, account, old, new); err != nil {
		return s.inWords(ctx, c, account, err)
	}
	c.conn.Log().WithField("name", account).Info("Password changed")
	c.hear(notice("password changed"))
	return nil
}

// normalised makes one password of those that look alike on the keyboard and
// are other bytes on the wire: an é can be one character or two (PRECIS,
// OpaqueString, RFC 8265, section 4).
func normalised(password string) (string, error) {
	same, err := precis.OpaqueString.String(password)
	if err != nil {
		return "", refuse("password", "this password has characters that cannot be used")
	}
	return same, nil
}

// inWords turns an error of the store into what the client hears.
func (s *chat) inWords(ctx context.Context, c *client, shown string, err error) error {
	soon := (*accounts.TooManyTries)(nil)
	switch {
	case errors.Is(err, accounts.ErrWrong):
		return s.wrongPassword(ctx, c, shown)
	case errors.As(err, &soon):
		return refuse("tries", "wait %d s before you try %s again", int(soon.Wait.Seconds())+1, shown)
	case errors.Is(err, accounts.ErrTaken):
		return refuse("registered", "%s belongs to somebody; if that is you: /login %s PASSWORD", shown, shown)
	case errors.Is(err, accounts.ErrFull):
		return refuse("toomany", "there are so many accounts that there is no room for another one")
	case errors.Is(err, accounts.ErrPassword):
		// The code says already what it is about.
		return refuse("password", "%s", strings.TrimPrefix(err.Error(), accounts.ErrPassword.Error()+": "))
	case errors.Is(err, accounts.ErrBusy):
		return refuse("busy", "too many are logging in, try again in a moment")
	case ctx.Err() != nil:
		return refuse("busy", "the server is shutting down")
	}
	c.conn.Log().WithError(err).Error("Cannot keep an account")
	return refuse("storage", "%v", err)
}

// wrongPassword answers late, so that nobody can try many, and ends the
// connection of one who tried too many.
func (s *chat) wrongPassword(ctx context.Context, c *client, shown string) error {
	c.tries++
	c.conn.Log().WithField("name", shown).WithField("tries", c.tries).Warn("Wrong name or password")
	late := time.NewTimer(s.penalty)
	defer late.Stop()
	select {
	case <-late.C:
	case <-ctx.Done():
	}
	if c.tries < maxTries {
		return refuse("login", "wrong name or password")
	}
	c.hear(refused(&refusal{"tries", "too many wrong passwords, goodbye"}))
	return &leaving{"too many wrong passwords"}
}
