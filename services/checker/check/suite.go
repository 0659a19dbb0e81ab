package check

import (
	"maps"
	"slices"
)

// A Check is a row in the table of a suite.
type Check struct {
	// Clause is what it checks, as on the suite's page: "ECHO-2". Others
	// are clauses that it covers as well.
	Clause string
	Others []string
	// Title says what holds when the check passes.
	Title string
	// Do talks, and panics with a Failure by way of Try and Peer.
	Do func(t *Try)
	// Cause is what usually makes it fail.
	Cause string
	// Hints help in three steps; the first one is a question.
	Hints [3]string
	// ReadOn is where in the guide it is explained.
	ReadOn string
	// Patience is how many times as long as usual an answer may take, where
	// the server has heavy work to do; 0 is 1.
	Patience int
	// Phase is when it is run, in a suite that has phases: see Suite.Phases.
	Phase string
}

// Clauses are all that the check is about.
func (c *Check) Clauses() []string { return append([]string{c.Clause}, c.Others...) }

// A Suite is the table of the checks of one protocol, in the order in which a
// learner is likely to come to them.
type Suite struct {
	Name, About string
	// Page is where the clauses are, below lab-guide/protocols.
	Page string
	// Service and Port are where the lab's own server is, inside the lab's
	// network and, on 127.0.0.1, outside.
	Service, Port string
	// Listens: the checker is the server here, and checks clients.
	Listens bool
	Checks  []Check
	// Unchecked are the clauses of the page that this suite has no check
	// for, with the reason.
	Unchecked map[string]string
}

// Phases lists the phases of a suite around something that the learner has to do
// in between, in their order; most suites have none.
func (s *Suite) Phases() []string {
	var phases []string
	for i := range s.Checks {
		if phase := s.Checks[i].Phase; phase != "" && !slices.Contains(phases, phase) {
			phases = append(phases, phase)
		}
	}
	return phases
}

// In returns the suite with the checks of one phase alone.
func (s *Suite) In(phase string) *Suite {
	one := *s
	one.Checks = nil
	for _, c := range s.Checks {
		if c.Phase == phase {
			one.Checks = append(one.Checks, c)
		}
	}
	return &one
}

// Covers reports whether a check of the suite is about clause.
func (s *Suite) Covers(clause string) bool { return slices.Contains(s.Clauses(), clause) }

// Clauses lists the clauses that the checks name.
func (s *Suite) Clauses() []string {
	var all []string
	for i := range s.Checks {
		all = append(all, s.Checks[i].Clauses()...)
	}
	return all
}

// UncheckedClauses lists the clauses without a check, sorted.
func (s *Suite) UncheckedClauses() []string { return slices.Sorted(maps.Keys(s.Unchecked)) }
