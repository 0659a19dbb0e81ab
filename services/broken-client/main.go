// Command broken-client is the client of lesson 3, and it is wrong on purpose.
//
// It compares what one read returns with "QUIT", as the client of the classic
// Node.js guide does (client.js beside this file). Now and then it works.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "broken-client:", err)
		os.Exit(1)
	}
}

// run holds the conversations that the command line asks for, and counts.
func run(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("broken-client", flag.ExitOnError)
	addr := flags.String("addr", "upper-server:8125", "the server, `HOST:PORT`")
	runs := flags.Int("runs", 1, "how many conversations to hold, one after the other")
	pause := flags.Duration("pause", 0, "how long to be busy before each read")
	limit := flags.Duration("limit", 200*time.Millisecond, "a conversation that takes longer has hung")
	flags.Parse(args)

	left, hung := 0, 0
	for range *runs {
		switch err := converse(*addr, *pause, *limit, out, *runs == 1); {
		case err == nil:
			left++
		case errors.Is(err, os.ErrDeadlineExceeded):
			hung++
		default:
			return err
		}
	}
	_, err := fmt.Fprintf(out, "%d left on QUIT, %d hung\n", left, hung)
	return err
}

// converse says hello and leaves on QUIT. Its error is os.ErrDeadlineExceeded
// when it has not seen QUIT within limit.
func converse(addr string, pause, limit time.Duration, out io.Writer, show bool) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(limit))
	if _, err := io.WriteString(conn, "Hello from the client!\n"); err != nil {
		return err
	}
	buf := make([]byte, 4096)
	for {
		time.Sleep(pause) // a slow screen, a busy machine
		n, err := conn.Read(buf)
		if err != nil {
			return err
		}
		chunk := string(buf[:n])
		if show {
			fmt.Fprintf(out, "one read: %q\n", chunk)
		}
		if chunk == "QUIT" { // this is the mistake
			return nil
		}
	}
}
