package main

import (
	"fmt"
	"net"
	"os"
)

func main() {
	server, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		fmt.Println(err)
		return
	}
	for {
		client, err := server.Accept()
		if err != nil {
			fmt.Println(err)
			return
		}
		go echo(client)
	}
}

func echo(client net.Conn) {
	defer client.Close()
	message := make([]byte, 1024)
	n, err := client.Read(message)
	if err != nil {
		fmt.Println(err)
		return
	}
	client.Write(message[:n])
}
