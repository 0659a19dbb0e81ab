// Package suites holds the tables of checks, a file for each protocol. What the
// clauses mean is in lab-guide/protocols.
package suites

import "socketlab/checker/check"

// All lists the suites, in the order of the lessons.
func All() []*check.Suite {
	return []*check.Suite{Echo(), Upper(), UpperRaw(), Client(), Chat(), Channels(), Accounts(), Crud(), CrudDurable()}
}

// Lab lists those that the lab's own servers can pass as they are started.
func Lab() []*check.Suite {
	return []*check.Suite{Echo(), Upper(), Chat(), Channels(), Accounts(), Crud()}
}

// full is why no check is about a server that is full.
const full = "how many clients a server takes is a setting of its own, and the lab's takes 10,000: " +
	"nobody can fill a stranger's server without knowing its limit"
