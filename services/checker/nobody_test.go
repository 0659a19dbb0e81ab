package main

import (
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestAdvice(t *testing.T) {
	const refused = syscall.ECONNREFUSED
	unknown := &net.DNSError{Err: "no such host", IsNotFound: true}
	for _, test := range []struct {
		target string
		lab    bool
		err    error
		says   string // "" for nothing
	}{
		{"host.docker.internal:9000", true, refused, "(0.0.0.0)"},
		{"host.docker.internal:9000", true, os.ErrDeadlineExceeded, "let containers call port 9000"},
		{"localhost:9000", true, refused, "--target host.docker.internal:9000"},
		{"127.0.0.1:9000", true, refused, "--target host.docker.internal:9000"},
		{"[::1]:9000", true, refused, "--target host.docker.internal:9000"},
		{"my-server:9000", true, unknown, "lesson 10, step 1"},
		{"my-server:9000", true, refused, ""},
		{"my-server:9000", false, unknown, "from out here everything is at 127.0.0.1"},
		{"host.docker.internal:9000", false, unknown, "from out here"},
		{"host.docker.internal:9000", false, refused, ""}, // Docker Desktop makes it known
		{"example.test:9000", false, unknown, ""},
		{"127.0.0.1:9000", false, refused, ""},
		{"", true, refused, ""},
	} {
		got := config{target: test.target, lab: test.lab}.advice(test.err)
		if !strings.Contains(got, test.says) || (got == "") != (test.says == "") {
			t.Errorf("%s, in the lab %v, %v:\ngot  %q\nwant %q", test.target, test.lab, test.err, got, test.says)
		}
	}
}
