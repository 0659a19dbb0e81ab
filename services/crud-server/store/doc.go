// Package store keeps records on disk: a key, a value, and a version that
// counts the changes. It knows nothing of sockets.
//
// A change that returned without an error is on the disk (fsync), and seen by
// everyone. One that returned an error is not there. After a crash the store
// holds all that was acknowledged, and nothing by halves.
//
// There are three files:
//
//	NAME            home: a B+tree of bbolt's, all records but the latest
//	NAME.journal-0  the latest changes, in the order of their coming:
//	NAME.journal-1  the two take turns
//
// A change goes to the end of the journal, which is one write and one fsync,
// whatever its key, and for all who wait together. To put it into its place among
// a million sorted records takes pages all over the file; that is done later, for
// thousands of changes at a time. Until then they are also in memory, in a layer.
//
//	         Create, Update, Delete            Read, Snapshot look into
//	                   |
//	request.go   who waits
//	filter.go    is the key new?
//	commit.go    those who wait together
//	             are one group
//	                   |
//	journal.go   [  journal  ]  layer.go ->    1. recent
//	replay.go    at the start
//	checkpoint.go                              2. settling
//	home.go      [   home    ] <-------------- 3. home
//
// What is read from a disk is checked like what is read from a network: boltfile
// goes through home before bbolt does, and contents.go judges what is in it;
// replay.go goes through the journal.
package store
