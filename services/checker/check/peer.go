package check

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"socketlab/kit/dial"
	"socketlab/kit/textline"
)

// A Peer is one connection of a check. What its methods wait for must come
// within the limits; else the check ends there, with a Failure.
type Peer struct {
	// Name is what it is called in messages: alice.
	Name string

	t    *Try
	id   int // counts the peers of the check
	conn *net.TCPConn
	in   []byte // has come, and was not expected yet
	sent string // what was said last, for a failure
	gone bool   // we have closed it
	end  error  // how the other side has ended it; nil: it has not
	// deaf: it does not read, and more may be on its way than anybody wants
	// to.
	deaf bool
}

// Send sends text.
func (p *Peer) Send(text string) {
	p.record("sent", []byte(text))
	p.sent = text
	p.t.setWaiting("sending as " + p.Name)
	p.conn.SetWriteDeadline(p.deadline(p.t.limits.Answer))
	if _, err := io.WriteString(p.conn, text); err != nil {
		p.lost("while "+p.Name+" was sending", err)
	}
}

// Expect reads exactly text, however it is cut.
func (p *Peer) Expect(text string) {
	p.t.setWaiting("waiting for what " + p.Name + " is to hear")
	for same := 0; ; {
		for same < len(text) && same < len(p.in) && p.in[same] == text[same] {
			same++
		}
		switch {
		case same == len(text):
			p.take(same)
			return
		case same < len(p.in):
			p.hearMore(len(text) + 200)
			p.failAt(fmt.Sprintf("%s heard something else than it should", p.Name), text, same)
		}
		if err := p.read(p.t.limits.Answer); err != nil {
			p.failAt(p.insteadOf("saying what it should", err, same > 0), text, same)
		}
	}
}

// Something reads what comes, at least one byte, up to the end of a line or
// until nothing more comes for a moment. expected says what should come, for a
// failure.
func (p *Peer) Something(expected string) string {
	p.t.setWaiting("waiting for something for " + p.Name)
	if len(p.in) == 0 {
		if err := p.read(p.t.limits.Answer); err != nil {
			p.failWith(p.insteadOf("saying something", err, false), expected)
		}
	}
	for !bytes.HasSuffix(p.in, []byte("\n")) && len(p.in) < maxLine && p.read(p.t.limits.quiet()) == nil {
	}
	something := string(p.in)
	p.take(len(p.in))
	return something
}

// EndsSoon reports whether the other side's FIN comes within a moment.
func (p *Peer) EndsSoon() bool {
	p.t.setWaiting("waiting for the end of " + p.Name + "'s connection")
	return len(p.in) == 0 && errors.Is(p.read(p.t.limits.quiet()), io.EOF)
}

// SkipToEnd reads up to the other side's FIN, whatever comes before it.
func (p *Peer) SkipToEnd() {
	p.t.setWaiting("waiting for the end of " + p.Name + "'s connection")
	for {
		err := p.read(p.t.limits.Answer)
		p.take(len(p.in))
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			p.failWith(p.insteadOf("ending it with a FIN", err, false), endOfStream)
		}
	}
}

// maxLine is how long a line may be that is expected, in bytes.
const maxLine = 64 << 10

// Line reads a line and returns it without its LF. expected says what should
// come, for a failure.
func (p *Peer) Line(expected string) string {
	line, why := p.line()
	if why != "" {
		p.failWith(why, expected)
	}
	return line
}

// line is Line, and says why there is none.
func (p *Peer) line() (line, why string) {
	p.t.setWaiting("waiting for a line for " + p.Name)
	for {
		if i := bytes.IndexByte(p.in, '\n'); i >= 0 {
			line := string(p.in[:i])
			p.take(i + 1)
			return line, ""
		}
		if len(p.in) > maxLine {
			return "", fmt.Sprintf("%s heard %d bytes without a line end", p.Name, len(p.in))
		}
		if err := p.read(p.t.limits.Answer); err != nil {
			return "", p.insteadOf("saying a line", err, len(p.in) > 0)
		}
	}
}

// ExpectUnless is Expect of a line, LF included, unless the line other comes
// instead: it reports whether it did.
func (p *Peer) ExpectUnless(line, other string) bool {
	shown, _ := textline.Excerpt(line, 0)
	came := p.Line(shown) + "\n"
	if came == other {
		return true
	}
	p.in = append([]byte(came), p.in...)
	p.Expect(line)
	return false
}

// ExpectBegin reads a line that begins with begin, and returns the rest of it.
func (p *Peer) ExpectBegin(begin string) string {
	shown, _ := textline.Excerpt(begin, 0)
	line := p.Line("a line that begins with " + shown)
	rest, found := strings.CutPrefix(line, begin)
	if !found {
		p.in = append([]byte(line+"\n"), p.in...) // to be shown
		p.failAt(fmt.Sprintf("%s heard another line than it should", p.Name), begin, samePrefix(line, begin))
	}
	return rest
}

// endOfStream is what a FIN is called in messages.
const endOfStream = "the end of the connection (FIN)"

// ExpectEnd reads the other side's FIN, with nothing before it.
func (p *Peer) ExpectEnd() {
	p.t.setWaiting("waiting for the end of " + p.Name + "'s connection")
	if err := p.read(p.t.limits.Answer); len(p.in) > 0 || !errors.Is(err, io.EOF) {
		p.failEnd(err)
	}
}

// failEnd ends the check: the end was expected, and err or something else came.
func (p *Peer) failEnd(err error) {
	if len(p.in) > 0 {
		p.hearMore(200)
		p.failWith(p.Name+" heard more than it should", endOfStream)
	}
	p.failWith(p.insteadOf("ending it with a FIN", err, false), endOfStream)
}

// SendToOneLeaving sends text to somebody who may be on the way out, and expects
// them to be gone. Where text arrives behind their close, their kernel answers it
// with a RST: that is the sender's doing, and as good as the FIN.
func (p *Peer) SendToOneLeaving(text string) {
	p.record("sent", []byte(text))
	p.sent = text
	p.conn.SetWriteDeadline(p.deadline(p.t.limits.Answer))
	if _, err := io.WriteString(p.conn, text); err != nil && !isBrokenOff(err) {
		p.lost("while "+p.Name+" was sending", err)
	}
	p.t.setWaiting("waiting for the end of " + p.Name + "'s connection")
	if err := p.read(p.t.limits.Answer); err == nil || !errors.Is(err, io.EOF) && !isBrokenOff(err) {
		p.failEnd(err)
	}
}

// ExpectNothing waits for a moment in which nothing may come.
func (p *Peer) ExpectNothing() {
	p.t.setWaiting("listening whether " + p.Name + " hears anything")
	err := p.read(p.t.limits.quiet())
	switch {
	case len(p.in) > 0:
		p.hearMore(200)
		p.failWith(p.Name+" heard something, though nothing was due", "nothing")
	case !dial.IsTimeout(err):
		p.failWith(p.insteadOf("waiting", err, false), "nothing, and that the connection stays open")
	}
}

// CloseWrite sends FIN and goes on listening: the half-close of `nc -N`.
func (p *Peer) CloseWrite() {
	p.record("closed its side (FIN)", nil)
	if err := p.conn.CloseWrite(); err != nil {
		p.lost("when "+p.Name+" closed its side", err)
	}
}

// Close ends the connection as a program does that has heard all.
func (p *Peer) Close() {
	p.record("closed the connection", nil)
	p.gone = true
	p.conn.Close()
}

// Reset ends the connection with a RST, as the kernel of a crashed client does.
func (p *Peer) Reset() {
	p.record("broke off (RST)", nil)
	p.conn.SetLinger(0) // socket(7), SO_LINGER
	p.gone = true
	p.conn.Close()
}

// leave ends the connection politely, when the check is over: a close with
// something unread would be a RST, and what a server makes of one is a check of
// its own. It changes no verdict.
func (p *Peer) leave() {
	if p.gone || p.deaf {
		return
	}
	p.conn.CloseWrite()
	p.conn.SetReadDeadline(time.Now().Add(p.t.limits.quiet()))
	io.Copy(io.Discard, io.LimitReader(p.conn, 1<<20))
}

func (p *Peer) record(verb string, data []byte) { p.t.record(p.id, p.Name, verb, data) }

// take removes what was expected from what has come.
func (p *Peer) take(n int) { p.in = append(p.in[:0], p.in[n:]...) }

// deadline is wait from now, but not beyond the end of the whole check.
func (p *Peer) deadline(wait time.Duration) time.Time {
	at := time.Now().Add(wait)
	if at.After(p.t.end) {
		return p.t.end
	}
	return at
}

// read reads once, for at most wait. It returns how the stream ended if
// nothing came.
func (p *Peer) read(wait time.Duration) error {
	p.conn.SetReadDeadline(p.deadline(wait))
	buf := make([]byte, 4<<10)
	n, err := p.conn.Read(buf)
	if n > 0 {
		p.in = append(p.in, buf[:n]...)
		p.record("heard", buf[:n])
		return nil
	}
	if p.t.ctx.Err() != nil {
		panic(errStopped)
	}
	if isClosedByUs(err) {
		p.t.fault(fmt.Errorf("the check of %s goes on with a closed connection", p.Name))
	}
	if !dial.IsTimeout(err) {
		p.end = err
	}
	return err
}

// peek notes what has come, without waiting for more than a blink.
func (p *Peer) peek() {
	p.conn.SetReadDeadline(time.Now().Add(p.t.limits.quiet() / 10))
	buf := make([]byte, 4<<10)
	if n, _ := p.conn.Read(buf); n > 0 {
		p.in = append(p.in, buf[:n]...)
		p.record("heard", buf[:n])
	}
}

// hearMore reads on for a moment, so that a failure shows more than the first
// wrong byte. It changes no verdict.
func (p *Peer) hearMore(size int) {
	for len(p.in) < size && p.read(p.t.limits.quiet()) == nil {
	}
}

// insteadOf says in a sentence that the other side did not do what it should,
// but, for one, closed the connection.
func (p *Peer) insteadOf(what string, err error, begun bool) string {
	switch {
	case !dial.IsTimeout(err):
		return fmt.Sprintf("%s %s, instead of %s", p.t.other, inWords(p.Name, err), what)
	case time.Now().After(p.t.end):
		return fmt.Sprintf("the check took more than %v in all, and %s has not heard everything yet", p.t.limits.whole(), p.Name)
	case begun:
		return fmt.Sprintf("%s waited %v for the rest, and nothing more came", p.Name, p.t.limits.Answer)
	}
	return fmt.Sprintf("%s waited %v, and nothing came", p.Name, p.t.limits.Answer)
}

// lost ends the check because nothing can be said any more.
func (p *Peer) lost(when string, err error) {
	switch {
	case p.t.ctx.Err() != nil:
		panic(errStopped)
	case isClosedByUs(err), isOurs(err):
		p.t.fault(err)
	case dial.IsTimeout(err):
		p.t.Fail("%s took nothing from %s for %v: it does not read", p.t.other, p.Name, p.t.limits.Answer)
	}
	p.t.Fail("%s %s, %s", p.t.other, inWords(p.Name, err), when)
}

// failAt ends the check: text was expected, p.in came, and they differ at the
// byte at.
func (p *Peer) failAt(what, text string, at int) {
	f := p.failure(what)
	excerpt := excerptFor(text, string(p.in))
	f.Expected, _ = excerpt(text, at)
	if len(p.in) > 0 {
		f.Got, f.Column = excerpt(string(p.in), at)
	}
	p.t.fail(f)
}

// failWith is failAt where what was expected is described.
func (p *Peer) failWith(what, expected string) {
	f := p.failure(what)
	f.Expected = expected
	if len(p.in) > 0 {
		f.Got = show(p.in)
	}
	p.t.fail(f)
}

func (p *Peer) failure(what string) Failure {
	f := Failure{What: what, Column: -1, of: p}
	if p.sent != "" {
		f.Sent = show([]byte(p.sent))
	}
	switch {
	case p.end == nil:
	case errors.Is(p.end, io.EOF):
		f.Got = endOfStream
	default:
		f.Got = "a reset (RST)"
	}
	return f
}

// samePrefix returns how many bytes a and b begin with in common.
func samePrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
