package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// ircName is how the IRC server calls itself.
const ircName = "bench.lab"

// ngircdSettings make it serve as many as come, as fast as it can: no look-ups
// of who comes, no pings while it is measured, and no penalties. Those would
// make it wait a second after each 3 lines, or 256 bytes, of a client; with
// MaxPenaltyTime 0 the wait is 0 s (Conn_SetPenalty in its conn-func.c).
const ngircdSettings = `[Global]
Name = %s
Info = a contender of scripts/bench
AdminInfo1 = scripts/bench
Listen = 127.0.0.1
Ports = %d
MotdPhrase = hello
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 20
MaxPenaltyTime = 0
PingTimeout = 86400
[Options]
DNS = no
Ident = no
PAM = no
`

// ngircd is the contender of Debian's package of that name.
func (b builder) ngircd() contender {
	binary, err := exec.LookPath("ngircd")
	if err != nil {
		return contender{name: ngircd, missing: "no ngircd on this machine"}
	}
	return contender{name: ngircd, protocol: saysIRC(ircName), command: func(ctx context.Context, port int) (*exec.Cmd, error) {
		settings := filepath.Join(b.dir, "ngircd.conf")
		if err := os.WriteFile(settings, fmt.Appendf(nil, ngircdSettings, ircName, port), 0o644); err != nil {
			return nil, err
		}
		return b.onCore(ctx, binary, "-n", "-f", settings), nil // -n: stay in the foreground
	}}
}
