package main

import (
	"errors"
	"fmt"
	"net"
	"strings"

	"socketlab/kit/dial"
)

// advice is for one whose server is up, and not to be reached from where the
// checker sits. err says how nobody was reached. It is empty where the place is
// not likely to be the reason.
func (c config) advice(err error) string {
	host, port, _ := net.SplitHostPort(c.target)
	if c.lab {
		return adviceInside(host, port, err)
	}
	return adviceOutside(host, err)
}

// adviceInside is for a checker that runs in a container of the lab.
func adviceInside(host, port string, err error) string {
	ip := net.ParseIP(host)
	switch {
	case host == "localhost", ip != nil && ip.IsLoopback():
		return fmt.Sprintf("in here %s is the checker's own container; your computer is --target host.docker.internal:%s", host, port)
	case host == "host.docker.internal" && dial.IsTimeout(err):
		return fmt.Sprintf("a firewall of your computer may be in the way: it must let containers call port %s; lesson 10, step 8, says how", port)
	case host == "host.docker.internal":
		return "on Linux a server must listen on all addresses (0.0.0.0) to be reached from a container, not on 127.0.0.1 alone"
	case host == "my-server" && isUnknown(err):
		return "my-server is a machine of the lab while you run it; lesson 10, step 1, says how"
	}
	return ""
}

// adviceOutside is for a checker that runs on the computer itself.
func adviceOutside(host string, err error) string {
	if isUnknown(err) && (host == "host.docker.internal" || strings.HasSuffix(host, "-server")) {
		return fmt.Sprintf("%s is a name that containers know; from out here everything is at 127.0.0.1", host)
	}
	return ""
}

func isUnknown(err error) bool {
	var name *net.DNSError
	return errors.As(err, &name) && name.IsNotFound
}
