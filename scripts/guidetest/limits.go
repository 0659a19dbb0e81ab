package main

import "time"

// limits bound every wait.
type limits struct {
	normal time.Duration // for what should come at once
	slow   time.Duration // after a command for which isSlow holds
	quiet  time.Duration // silence after which a program that should end counts as one that stays
}

func (l limits) after(command string) time.Duration {
	if isSlow(command) {
		return l.slow
	}
	return l.normal
}
