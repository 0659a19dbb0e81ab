// Package check is the engine of the checker: it runs the checks of a suite
// against a server, or a client, over real TCP, and says truthfully what came
// of each.
//
// A check reads as a transcript: alice.Send("…"), alice.Expect("…"). What does
// not come as expected ends it there, with a Failure that holds what was said
// and heard. There is no other way to a verdict: a check has passed when its
// function has returned, and failed when it has met a Failure. All else, such as
// a panic or a machine without free ports, is a fault of the checker itself, and
// never a pass.
//
// The files, in reading order: suite.go (the tables), try.go (one check under
// way), client.go (where the checker is the server) and program.go (the client
// that it starts), peer.go (one connection), among.go (answers that are cut
// anyhow), lines.go (what one hears in a room), stream.go (much data both ways),
// failure.go (what did not hold), limits.go (how long it waits), run.go (all
// checks in their order).
package check
