// Package dial connects the lab's clients to their server, and says in words
// that a beginner understands why that failed, or why a connection broke. What
// the system has said stands behind the words, for who wants to look it up.
package dial
