package main

import "context"

// A namedSuite can be asked for on the command line. Nothing is built before
// its turn has come.
type namedSuite struct {
	name string
	set  func(context.Context, builder) (suite, error)
}

func allSuites() []namedSuite {
	return []namedSuite{{"echo", echoSuite}, {"upper", upperSuite}, {"chat", chatSuite}, {"crud", crudSuite}, {"lab", labSuite}}
}

// named is the suite of that name alone, or none.
func named(name string) []namedSuite {
	for _, s := range allSuites() {
		if s.name == name {
			return []namedSuite{s}
		}
	}
	return nil
}

func names(suites []namedSuite) []string {
	var names []string
	for _, s := range suites {
		names = append(names, s.name)
	}
	return names
}

// run builds the suite's contenders and measures them.
func (s namedSuite) run(ctx context.Context, b builder, p pace, progress func(string, ...any)) (*report, error) {
	suite, err := s.set(ctx, b)
	if err != nil {
		return nil, err
	}
	r, err := measure(ctx, suite, p, progress)
	if err != nil {
		return nil, err
	}
	r.Suite, r.ServerCore, r.Machine = s.name, b.core, thisMachine(ctx, b.checkout)
	return r, nil
}
