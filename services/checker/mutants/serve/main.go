// Command serve runs a mutant by hand, to talk to it or to check it:
//
//	go run ./services/checker/mutants/serve echo one-client-only
package main

import (
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

func serve(ctx context.Context, fault mutants.Fault) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := mutants.Start(fault, ln)
	defer server.Close()
	fmt.Println("listening on", server.Addr())
	<-ctx.Done()
	return nil
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
