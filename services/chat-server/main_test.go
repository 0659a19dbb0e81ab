package main

import (
	"testing"

	"socketlab/kit/nettest"
)

func TestMain(m *testing.M) { nettest.Main(m, main) }

func TestProgram(t *testing.T) {
	nettest.Server{
		Name:    "chat-server",
		AddrVar: "CHAT_ADDR",
		Modes:   []string{"CHAT_RATE=10"},
		Greet: func(c *nettest.Client) {
			c.Send("/part\n/ping alone\n") // what others do is not heard here
			c.SkipTo("* pong alone\n")
		},
		Say:     func(word string) string { return "/ping " + word + "\n" },
		Answer:  func(word string) string { return "* pong " + word + "\n" },
		Goodbye: "* the server is shutting down\n",
	}.TestProgram(t)
}
