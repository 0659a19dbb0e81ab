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
// way), peer.go (one connection of it), among.go (answers that are cut anyhow),
// lines.go (what one hears in a room),
// stream.go (much data both ways),
// failure.go (what did not hold), run.go (all checks in their order).
package check
