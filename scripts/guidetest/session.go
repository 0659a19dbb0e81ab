package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// session is one terminal as a lesson uses it: what was typed last, and what the page has shown of the answer so far.
type session struct {
	term    *terminal
	project string // Compose project under test; the page calls it labName
	ports   ports
	limits  limits
	segment segment
	seen    place  // what the last wait has seen
	line    int    // of the page: the last input
	wants   []want // since the last input
	command string // the command that the shell runs
	inner   bool   // that command has been seen to have taken the terminal over, or need not
}

// labName is what the lab's Compose project is called on the page.
const labName = "socket-lab"

// goal is what a wait is for, besides the lines that the page shows.
type goal int

const (
	untilShown   goal = iota // nothing else: the program goes on, and so does the lesson
	untilPrompt              // the shell is back
	untilProgram             // a program is there to be typed to
	untilSettled             // the shell is back, or nothing has come for a while: nothing else will happen here for now
	atOnce                   // nothing else, and nothing to wait for
)

// view is one look at the terminal.
type view struct {
	reading
	outcome
	full, ended bool
	raw         string // the last bytes as they came
	place       place
}

func (s *session) look() view {
	var v view
	s.term.look(func(screen *screen, raw []byte, ended bool) {
		v.reading = s.segment.read(screen)
		v.full, v.ended, v.raw, v.place = screen.full, ended, string(raw), placeOf(screen)
	})
	for i, line := range v.lines {
		v.lines[i] = s.ports.onPage(strings.ReplaceAll(line, s.project, labName))
	}
	v.outcome = match(s.wants, v.lines)
	return v
}

// statePoll is how often the terminal is asked whether a program has taken it over. The kernel tells nobody of such a
// change, so this is the one thing that has to be asked for again and again.
const statePoll = 10 * time.Millisecond

// wait waits until the terminal shows all that the page has shown since the last input, no more, and the goal is
// reached. line is the line of the page that needs it. It returns a *failure, or the context's error.
func (s *session) wait(ctx context.Context, g goal, line int) error {
	began := time.Now()
	limit := s.limits.after(s.command)
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	timedOut := false
	silentSince := began
	for changed := true; ; {
		v := s.look()
		s.seen = v.place
		if changed {
			silentSince = time.Now() // after the look, which has kept the reader waiting
		}
		state := s.judge(v, g, timedOut)
		if state == reached {
			return nil
		}
		if state == hopeless || timedOut || g == atOnce {
			return s.failure(v, g, line, time.Since(began), limit)
		}
		var quiet, poll <-chan time.Time
		if state == reachedIfQuiet || state == reachedSoon {
			quiet = time.After(s.limits.quiet - time.Since(silentSince))
		}
		if state == notYetHere || state == reachedSoon {
			poll = time.After(statePoll)
		}
		changed = false
		select {
		case <-s.term.changed:
			changed = true
		case <-poll:
		case <-quiet:
			if len(s.term.changed) == 0 {
				return nil
			}
		case <-deadline.C:
			timedOut = true
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

type verdict int

const (
	notYet         verdict = iota // more has to come
	notYetHere                    // all lines have come, but the program has not taken the terminal over
	reached                       // the goal is reached
	reachedIfQuiet                // the goal is reached if nothing comes for a while
	reachedSoon                   // both: the goal will be reached, or is if nothing comes for a while
	hopeless                      // what has to come cannot come any more
)

// judge compares a look with a goal. What does not fit yet may still fit later, because programs redraw lines; once
// the shell is back it cannot.
func (s *session) judge(v view, g goal, timedOut bool) verdict {
	switch {
	case v.full:
		return hopeless
	case !v.ok || !v.echoed:
		if v.prompt || v.ended {
			return hopeless
		}
		return notYet
	case g == untilShown || g == atOnce:
		return reached
	case g == untilProgram:
		return s.judgeProgram(v)
	case v.prompt:
		return reached
	case v.ended:
		return s.judgeEnded(g)
	case g == untilSettled && timedOut:
		return reached
	case g == untilSettled:
		return reachedIfQuiet
	}
	return notYet
}

func (s *session) judgeEnded(g goal) verdict {
	if g == untilSettled {
		return reached
	}
	return hopeless
}

// judgeProgram says whether what is typed now will reach the program for which it is meant.
func (s *session) judgeProgram(v view) verdict {
	if v.prompt || v.ended {
		return hopeless
	}
	if !s.inner && !v.more {
		echo, err := echoes(s.term.master)
		s.inner = err == nil && !echo
	}
	switch {
	case v.more:
		return reached
	case !s.inner:
		return notYetHere
	case !s.term.hasProgram():
		return reachedSoon // the shell is about to start it; or it is a part of the shell, and there is nothing to see
	}
	return reached
}

// send types into the terminal and begins a new segment behind what the last wait has seen.
func (s *session) send(kind inputKind, typed, keys string, line int) error {
	s.segment = s.segment.after(s.seen, kind, typed)
	s.line = line
	s.wants = nil
	if err := s.term.send(keys, s.limits.normal); err != nil {
		return &failure{line: line, what: fmt.Sprintf("terminal %s does not take what is typed: %v", s.term.name, err)}
	}
	return nil
}
