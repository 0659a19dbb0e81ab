// Package boot is what every program of the lab does before its own work
// begins, and after it: settings from .env and the environment, a logger,
// signals, -healthcheck, exit codes.
//
// A program declares itself in a Program and calls Main; see any main.go
// beside this package.
package boot
