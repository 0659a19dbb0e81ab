// Command serve runs a mutant by hand, to talk to it or to check it:
//
//	go run ./services/checker/mutants/serve echo one-client-only
package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"

	"socketlab/checker/mutants"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "serve:", err)
		os.Exit(2)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("say a protocol and a fault:\n%s", list())
	}
	for _, fault := range mutants.All()[args[0]] {
		if fault.Name == args[1] {
			return serve(ctx, fault)
		}
	}
	return fmt.Errorf("there is no such mutant; these are:\n%s", list())
}

// serve serves fault until ctx ends. One that is about a restart is killed and
// started again by Enter.
func serve(ctx context.Context, fault mutants.Fault) error {
	addr, keys := "127.0.0.1:0", make(chan bool)
	if fault.Restart != nil {
		fmt.Println("Enter kills it and starts it again")
		go func() {
			for in := bufio.NewScanner(os.Stdin); in.Scan(); {
				keys <- true
			}
		}()
	}
	for {
		ln, err := net.Listen("tcp", addr)
		if err != nil {
			return err
		}
		server := mutants.Start(fault, ln)
		addr = server.Addr()
		fmt.Println("listening on", addr)
		select {
		case <-ctx.Done():
			server.Close()
			return nil
		case <-keys:
			server.Close()
			fault.Restart()
		}
	}
}

func list() string {
	text := ""
	for protocol, faults := range mutants.All() {
		for _, fault := range faults {
			text += fmt.Sprintf("  %s %s\n", protocol, fault.Name)
		}
	}
	return text
}
