// A client of the upper server that says nothing yet: go run main.go [HOST PORT]
package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	host, port := "127.0.0.1", "8125"
	if len(os.Args) == 3 {
		host, port = os.Args[1], os.Args[2]
	}
	conn, err := net.Dial("tcp", net.JoinHostPort(host, port))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer conn.Close()
	fmt.Println("Connected to", conn.RemoteAddr())

	// What does the client say, and what must it hear before it may leave?

	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil { // io.EOF is the server's goodbye; with another error it broke off
			fmt.Println("Disconnected:", err)
			return
		}
		os.Stdout.Write(buf[:n])
	}
}
