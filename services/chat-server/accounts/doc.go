// Package accounts keeps who has registered: a name, the bcrypt hash of a
// password, and since when. It has never heard of a socket.
//
// All accounts are read from the file once, at Open, and checked; from then on
// questions are answered from memory, and the file is only written to. So a
// question never waits for the disk, and a change is on the disk (fsync(2))
// before it is answered.
//
// What strangers can make it do is bounded: how many passwords are hashed at
// once and how many wait for that (hashing.go), how often one may guess
// (tries.go), and how many accounts there can be.
//
//	store.go     what one can ask of it
//	open.go      finding and making the file
//	contents.go  whether what is in it is what was written
//	record.go    what is written for an account
//	change.go    writing it, and why that failed, in words
//	hashing.go   bcrypt, a few at a time
//	password.go  which passwords and names are taken
//	tries.go     how often one may guess
package accounts
