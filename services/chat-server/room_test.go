package main

import (
	"fmt"
	"path/filepath"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"socketlab/chat-server/accounts"
	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// openAccounts opens a store of the test's own, with a cheap hash.
func openAccounts(t testing.TB) *accounts.Store {
	t.Helper()
	store, err := accounts.Open(filepath.Join(t.TempDir(), "chat.db"), accounts.Options{Cost: bcrypt.MinCost})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

// start serves a chat in which one may say as much as one likes, and a wrong
// password is answered at once. change, where given, changes it before that.
func start(t testing.TB, change ...func(*chat, *netserver.Server)) *nettest.Running {
	t.Helper()
	s := newChat(openAccounts(t), 0)
	s.penalty = 0
	server := &netserver.Server{Handler: s.serve, SendBuffer: sendBuffer}
	for _, f := range change {
		f(s, server)
	}
	return nettest.Serve(t, server)
}

// withStore lets the chat have other accounts.
func withStore(store *accounts.Store) func(*chat, *netserver.Server) {
	return func(s *chat, _ *netserver.Server) { s.accounts = store }
}

// guest connects and hears what a guest hears. The first one of a server is
// guest-1, alone in the lobby.
func guest(t testing.TB, addr string, n, here int) *nettest.Client {
	t.Helper()
	c := nettest.Dial(t, addr)
	c.Expect(fmt.Sprintf("* welcome, you are guest-%d; /help lists the commands\n* you joined #lobby, %d here\n", n, here))
	return c
}

// people connects one after the other, under these names, to a server where
// nobody has been before. They are in the lobby, and have heard all of each
// other's coming.
func people(t testing.TB, addr string, names ...string) []*nettest.Client {
	t.Helper()
	all := make([]*nettest.Client, len(names))
	for i, name := range names {
		all[i] = nettest.Dial(t, addr)
		all[i].Send("/nick " + name + "\n")
		all[i].SkipTo("* you are now " + name + "\n")
	}
	settle(all...)
	return all
}

// settle lets everybody hear, and forget, all that has been said. After the
// first round everything is said, after the second one it is heard.
func settle(all ...*nettest.Client) {
	for _, pong := range []string{"said", "heard"} {
		for _, c := range all {
			c.Send("/ping " + pong + "\n")
			c.SkipTo("* pong " + pong + "\n")
		}
	}
}

// silent tests that nothing has been said to them.
func silent(t testing.TB, all ...*nettest.Client) {
	t.Helper()
	for _, c := range all {
		c.Send("/ping silent\n")
		c.Expect("* pong silent\n")
	}
}
