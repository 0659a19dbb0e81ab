// An echo server that does not answer yet: go run main.go [PORT]
package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	port := "9000"
	if len(os.Args) > 1 {
		port = os.Args[1]
	}
	ln, err := net.Listen("tcp", "0.0.0.0:"+port)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("Listening on port", ln.Addr().(*net.TCPAddr).Port)
	for {
		conn, err := ln.Accept()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		go serve(conn)
	}
}

// serve talks with one client, while others talk with theirs.
func serve(conn net.Conn) {
	defer conn.Close()
	peer := conn.RemoteAddr()
	fmt.Println(peer, "has come")
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil { // io.EOF is the client's goodbye; with another error it broke off
			fmt.Println(peer, "has left:", err)
			return
		}
		fmt.Println(peer, "sent", n, "bytes")

		// What goes back to the client, and which bytes exactly?
	}
}
