// A chat that says nothing yet: go run main.go [PORT]
package main

import (
	"fmt"
	"net"
	"os"
	"sync"
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
	lobby := &room{everybody: map[net.Conn]bool{}}
	for {
		conn, err := ln.Accept()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		go lobby.serve(conn)
	}
}

// A room is where all hear each other.
type room struct {
	mu        sync.Mutex // guards everybody
	everybody map[net.Conn]bool
}

func (r *room) comes(conn net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.everybody[conn] = true
}

func (r *room) leaves(conn net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.everybody, conn)
}

// serve talks with one client, while others talk with theirs.
func (r *room) serve(conn net.Conn) {
	defer conn.Close()
	r.comes(conn)
	defer r.leaves(conn)
	peer := conn.RemoteAddr()
	fmt.Println(peer, "has come")

	// What does somebody hear who has just come, and what is their name?

	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil { // io.EOF is the client's goodbye; with another error it broke off
			fmt.Println(peer, "has left:", err)
			return
		}
		fmt.Println(peer, "sent", n, "bytes")
	}
}
