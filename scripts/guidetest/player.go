package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// player plays one lesson in a copy of the tree. The caller closes it.
type player struct {
	lesson     lesson
	dir        string // the copy
	promptFile string
	env        []string
	project    string
	limits     limits
	ports      ports // filled by play
	tee        func(terminal string) io.Writer

	sessions []*session // in the order in which the lesson opened them
	played   int
	skipped  int
	composed bool // containers may have been left behind
}

// play plays the blocks from the first to the last, then looks whether any terminal shows more than the page. The
// error is a *failure, unless something outside of the lesson went wrong.
func (p *player) play(ctx context.Context) (err error) {
	if p.ports, err = freePorts(p.lesson.blocks); err != nil {
		return err
	}
	for i, b := range p.lesson.blocks {
		if b.skip != "" {
			p.skipped++
			continue
		}
		if err := p.playBlock(ctx, i, b); err != nil {
			return err
		}
		p.played++
	}
	for _, s := range p.sessions {
		if err := s.wait(ctx, atOnce, s.line); err != nil {
			return err
		}
	}
	if p.played+p.skipped != p.lesson.fences {
		why := fmt.Sprintf("the page has %d blocks, but %d were run and %d skipped", p.lesson.fences, p.played, p.skipped)
		return &failure{line: 1, what: why}
	}
	return nil
}

func (p *player) playBlock(ctx context.Context, index int, b block) error {
	if b.edit != nil {
		if line, err := b.edit.apply(p.dir); err != nil {
			return &failure{line: line, what: err.Error()}
		}
		return nil
	}
	s, err := p.session(ctx, b)
	if err != nil {
		return err
	}
	for _, next := range b.steps {
		if next.kind != stepOutput {
			next.text = p.ports.here(next.text, b.port)
		}
		if err := p.playStep(ctx, s, next); err != nil {
			return err
		}
	}
	s.wants = append(s.wants, want{kind: wantBlanks, line: b.end})
	return s.wait(ctx, p.goalAfter(index), b.end)
}

func (p *player) playStep(ctx context.Context, s *session, next step) error {
	switch next.kind {
	case stepOutput:
		s.wants = append(s.wants, wantFor(next))
		return nil
	case stepCommand:
		return p.playCommand(ctx, s, next)
	case stepKey:
		return playKey(ctx, s, next)
	}
	return p.playText(ctx, s, next)
}

func (p *player) playCommand(ctx context.Context, s *session, next step) error {
	if err := s.wait(ctx, untilPrompt, next.line); err != nil {
		return err
	}
	p.composed = p.composed || usesCompose(next.text)
	command := p.inProject(next.text)
	s.command, s.inner = command, !takesTerminal(command)
	return s.send(commandInput, command, command+"\r", next.line)
}

// inProject gives volumes and networks in a command the names that they have here: Compose puts its project and _ in
// front, and the page calls the project labName. What is shown is translated back by look.
func (p *player) inProject(command string) string {
	return strings.ReplaceAll(command, labName+"_", p.project+"_")
}

// playText types a line. The shell itself reads it where it asked for the rest of a command, or where a key such as
// Up has put a command there and Enter is all that is typed.
func (p *player) playText(ctx context.Context, s *session, next step) error {
	if next.text == "" && s.segment.kind == editInput && s.look().prompt {
		if err := s.wait(ctx, untilPrompt, next.line); err != nil {
			return err
		}
		s.inner = true
		return s.send(commandInput, next.text, "\r", next.line)
	}
	if err := s.wait(ctx, untilProgram, next.line); err != nil {
		return err
	}
	kind := textInput
	if s.look().more {
		kind = commandInput
	}
	return s.send(kind, next.text, next.text+"\r", next.line)
}

// playKey sends a key. The keys that edit a line are for whoever reads lines, the shell too; the others are for a
// program, and typing them after its end is a mistake of the page.
func playKey(ctx context.Context, s *session, next step) error {
	keys, err := keyBytes(next.text)
	if err != nil {
		return err
	}
	kind, g := keyInput, untilProgram
	if caret(next.text) == "" {
		kind = editInput
		switch {
		case s.segment.kind == editInput:
			g = untilShown
		case s.inner:
			g = untilSettled
		}
	}
	if err := s.wait(ctx, g, next.line); err != nil {
		return err
	}
	return s.send(kind, next.text, keys, next.line)
}

// goalAfter says what to wait for at the end of a block. Where the next thing that the page does in the terminal is
// to type a command, or nothing, the program there ought to come to its end, and whatever the page does next in
// another terminal may need that. Else it stays.
func (p *player) goalAfter(index int) goal {
	for _, b := range p.lesson.blocks[index+1:] {
		if b.terminal != p.lesson.blocks[index].terminal || b.skip != "" {
			continue
		}
		if b.steps[0].kind == stepCommand {
			return untilSettled
		}
		return untilShown
	}
	return untilSettled
}

// session returns the terminal of a block; the first block opens it.
func (p *player) session(ctx context.Context, b block) (*session, error) {
	for _, s := range p.sessions {
		if s.term.name == b.terminal {
			return s, nil
		}
	}
	term, err := openTerminal(b.terminal, p.dir, p.promptFile, p.env, p.tee(b.terminal))
	if err != nil {
		return nil, err
	}
	s := &session{term: term, project: p.project, ports: p.ports, limits: p.limits, line: b.line}
	p.sessions = append(p.sessions, s)
	return s, s.wait(ctx, untilPrompt, b.line)
}

// close closes the terminals and returns once their programs are gone.
func (p *player) close() {
	done := make(chan struct{})
	for _, s := range p.sessions {
		go func() {
			_ = s.term.close()
			done <- struct{}{}
		}()
	}
	for range p.sessions {
		<-done
	}
	p.sessions = nil
}

// result is how a lesson went.
type result struct {
	lesson          lesson
	played, skipped int
	took            time.Duration
}
