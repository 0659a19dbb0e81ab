// Package store keeps records on disk: a key, a value, and a version that
// counts the changes. It knows nothing of sockets.
//
// A change that returned without an error is on the disk (fsync), and seen by
// everyone. One that returned an error is not there. After a crash the store
// holds all that was acknowledged, and nothing by halves.
//
// There are two files, both of bbolt, a B+tree that changes in transactions:
//
//	NAME          home: all records but the latest, sorted by key
//	NAME.journal  the latest changes, in the order of their coming
//
// A change goes to the end of the journal, which is one page or two to write,
// whatever its key. To put it into its place among a million sorted records
// takes several pages of its own; that is done later, for thousands of changes
// at a time, by key. Until then they are also in memory, in a layer.
//
//	            Create, Update, Delete                Read, Snapshot
//	                      |                                 |
//	commit.go    those who come together       store.go     newest first:
//	             share one transaction         snapshot.go
//	                      |                                 |
//	journal.go       [ journal ] -> layer.go  [ recent ] <--+
//	                      :                       |         |
//	checkpoint.go         :                  [ settling ] <-+
//	                      :                       |         |
//	home.go               +......trimmed....  [  home  ] <--+
//
// What is read from a disk is checked like what is read from a network:
// verify.go goes through both files before bbolt does.
package store
