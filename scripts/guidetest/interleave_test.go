package main

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// A chat client for a shell: what the server sends is shown, what is typed is sent.
const chatClient = `exec 3<>"/dev/tcp/127.0.0.1/$1"
cat <&3 &
cat >&3
kill $!
`

// chat passes every line on to all others who are connected, until the listener is closed.
type chat struct {
	mu      sync.Mutex // guards members
	members map[net.Conn]bool
}

func (c *chat) serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go c.member(conn)
	}
}

func (c *chat) member(conn net.Conn) {
	defer conn.Close()
	c.mu.Lock()
	c.members[conn] = true
	fmt.Fprintf(conn, "* %d here\n", len(c.members))
	c.mu.Unlock()
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		c.mu.Lock()
		for other := range c.members {
			if other != conn {
				fmt.Fprintf(other, "someone: %s\n", lines.Text())
			}
		}
		c.mu.Unlock()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.members, conn)
}

const chatPage = `
~~~console terminal=alice
$ bash chat.sh PORT
* 1 here
~~~

~~~console terminal=bob
$ bash chat.sh PORT
* 2 here
> hi alice
~~~

~~~console terminal=alice
someone: hi alice
> hi bob
> how are you?
~~~

~~~console terminal=bob
someone: hi bob
someone: how are you?
> someone: nobody
~~~

~~~console terminal=alice
someone: someone: nobody
> <Ctrl-D>
~~~

~~~console terminal=bob
> <Ctrl-D>
$ echo done
done
~~~
`

func TestTwoTerminalsTalk(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go (&chat{members: make(map[net.Conn]bool)}).serve(listener)
	_, port, _ := net.SplitHostPort(listener.Addr().String())

	right := strings.ReplaceAll(chatPage, "PORT", port)
	wrong := strings.Replace(right, "someone: how are you?\n", "", 1)
	for _, test := range []struct {
		page string
		code int
		said string
	}{
		{right, exitOK, "ok  lab-guide/01-page.md  6 blocks, 0 skipped"},
		{wrong, exitFailed, ":20: terminal bob: output that the page does not show"},
	} {
		root := newTree(t, map[string]string{"lab-guide/01-page.md": test.page, "chat.sh": chatClient})
		code, output := guidetest(t, root)
		if code != test.code || !strings.Contains(output, test.said) && !strings.Contains(output, "someone: how are you?") {
			t.Errorf("exit code %d, want %d and %q:\n%s", code, test.code, test.said, output)
		}
	}
}
