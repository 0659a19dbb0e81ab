package main

import (
	"bufio"
	"net"
	"strings"
	"testing"
)

func TestUpperAnswers(t *testing.T) {
	tests := []struct {
		name     string
		protocol protocol
		message  string
		want     string
	}{
		{"lines", saysLines(), "grüße, straße, é!\n", "GRÜSSE, STRASSE, É!\nQUIT\n"},
		{"raw", saysRaw(), "grüße\n", "GRÜSSE\nQUIT"},
		{"echo", echoes(), "Grüße\n", "Grüße\n"},
	}
	for _, test := range tests {
		if got := test.protocol.turn(client{}, []byte(test.message)).heard; string(got) != test.want {
			t.Errorf("%s: %q for %q, want %q", test.name, got, test.message, test.want)
		}
	}
}

// The check must hold for answers of another length than the message, and for
// the greeting.
func TestExchangeChecksGreetingAndAnswers(t *testing.T) {
	tests := []struct {
		name, greeting, quit string
		wrong                bool
	}{
		{"right", greeting, "QUIT\n", false},
		{"another greeting", strings.ToUpper(greeting), "QUIT\n", true},
		{"greeted twice", greeting + greeting, "QUIT\n", true},
		{"another last line", greeting, "QUIT\x00", true},
		{"QUIT too often", greeting, "QUIT\nQUIT\n", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			addr := serve(t, func(conn net.Conn) { sayUpper(conn, test.greeting, test.quit) })
			n, err := runLoad(t, exchange{test.name, 2, 64, repeating(accentedLines)}, saysLines(), addr)
			switch {
			case !test.wrong && (err != nil || n == 0):
				t.Errorf("got %d messages, %v; want some", n, err)
			case test.wrong && (err == nil || !strings.Contains(err.Error(), "other bytes")):
				t.Errorf("got error %v, want one of other bytes", err)
			}
		})
	}
}

// sayUpper is an upper server with a greeting and a last line of its own.
func sayUpper(conn net.Conn, greeting, quit string) {
	conn.Write([]byte(greeting))
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		conn.Write(append(capitals(lines.Bytes()), "\n"+quit...))
	}
}
