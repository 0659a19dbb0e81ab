// Package mutants holds servers that are wrong on purpose: each keeps its
// protocol but for one fault. They prove the checker. A check that no mutant
// trips has never been seen to fail, and says nothing when it passes.
//
// server.go is the frame, and there is a table of faults for each protocol. To
// talk to one by hand:
//
//	go run ./services/checker/mutants/serve echo one-client-only
package mutants
