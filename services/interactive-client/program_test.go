package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
	"golang.org/x/term"

	"socketlab/kit/dial"
	"socketlab/kit/nettest"
)

// TestMain lets the tests run the program itself as a process, and with it, for
// TEST_CONNECTION, a connection that no network makes.
func TestMain(m *testing.M) {
	nettest.Main(m, func() {
		if fault := os.Getenv("TEST_CONNECTION"); fault != "" {
			mainWith(fault)
		}
		main()
	})
}

func mainWith(fault string) {
	ctx, stop := untilSignal(context.Background())
	cfg, err := parse(os.Args[1:])
	if err == nil {
		var conn *net.TCPConn
		conn, err = dial.TCP(ctx, cfg.addr(), cfg.timeout)
		if err == nil {
			err = talk(ctx, cfg, &faultyConn{conn, fault}, console{in: os.Stdin, out: os.Stdout, notes: os.Stderr})
		}
	}
	stop()
	os.Exit(report(os.Stderr, err))
}

// faultyConn "panics" when something has been read, or is "stuck": its server
// takes nothing.
type faultyConn struct {
	connection
	fault string
}

func (c *faultyConn) Read(p []byte) (int, error) {
	n, err := c.connection.Read(p)
	if c.fault == "panics" {
		panic("a bug in the client")
	}
	return n, err
}

func (c *faultyConn) Write(p []byte) (int, error) {
	if c.fault == "stuck" {
		select {}
	}
	return c.connection.Write(p)
}

// program is the client in a process of its own, on pipes or in a window.
type program struct {
	*nettest.Process // once it runs
	t                *testing.T
	cmd              *exec.Cmd
	out, err         *output // the same one in a window

	in io.WriteCloser // on pipes

	master, tty *os.File // in a window
	before      *term.State
}

// piped starts the client with a pipe on each side.
func piped(t *testing.T, env []string, args ...string) *program {
	t.Helper()
	p := newProgram(t, env, args)
	p.out, p.err = newOutput(nil), newOutput(nil)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.err
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	p.run()
	return p
}

// window starts the client in a terminal of 80 columns and 24 rows.
func window(t *testing.T, env []string, args ...string) *program {
	t.Helper()
	p := hiddenWindow(t, &pty.Winsize{Rows: 24, Cols: 80}, env, args...)
	p.out = newOutput(vt10x.New(vt10x.WithSize(80, 24)))
	p.err = p.out
	go io.Copy(p.out, p.master)
	return p
}

// hiddenWindow is a window that nobody looks at: its output is not read.
func hiddenWindow(t *testing.T, size *pty.Winsize, env []string, args ...string) *program {
	t.Helper()
	p := newWindow(t, size, env, args)
	p.run()
	return p
}

// newWindow is a window whose program has not started.
func newWindow(t *testing.T, size *pty.Winsize, env, args []string) *program {
	t.Helper()
	p := newProgram(t, env, args)
	var err error
	if p.master, p.tty, err = pty.Open(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.tty.Close()
		p.master.Close()
	})
	if err := pty.Setsize(p.master, size); err != nil {
		t.Fatal(err)
	}
	p.before = p.state()
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = p.tty, p.tty, p.tty
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	return p
}

func newProgram(t *testing.T, env, args []string) *program {
	t.Helper()
	return &program{t: t, cmd: nettest.Command(t, append([]string{"NO_COLOR="}, env...), args)}
}

func (p *program) run() {
	p.t.Helper()
	p.Process = nettest.Run(p.t, p.cmd)
}

// state is how the terminal is set now.
func (p *program) state() *term.State {
	p.t.Helper()
	state, err := term.GetState(int(p.tty.Fd()))
	if err != nil {
		p.t.Fatal(err)
	}
	return state
}

func (p *program) isRestored() bool { return reflect.DeepEqual(p.before, p.state()) }

// keys types.
func (p *program) keys(text string) {
	p.t.Helper()
	if _, err := io.WriteString(p.master, text); err != nil {
		p.t.Fatal(err)
	}
}

// pipe sends text into the client's standard input.
func (p *program) pipe(text string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, text); err != nil {
		p.t.Fatal(err)
	}
}

// exits waits for the end of the process, which must have this code.
func (p *program) exits(code int) {
	p.t.Helper()
	defer func() {
		if p.t.Failed() {
			p.t.Logf("it shows\n%s\n%s", p.out, p.err)
		}
	}()
	if got := p.Wait(); got != code {
		p.t.Errorf("exit code %d, want %d", got, code)
	}
	if p.tty != nil && !p.isRestored() {
		p.t.Errorf("the terminal was left as\n%+v, it was\n%+v", p.state(), p.before)
	}
}

// output is what the client writes, and the screen it makes of it.
type output struct {
	mu      sync.Mutex // guards all below
	all     []byte
	screen  vt10x.Terminal // nil: it is a pipe
	changed chan struct{}  // closed and made anew at each change
}

func newOutput(screen vt10x.Terminal) *output {
	return &output{screen: screen, changed: make(chan struct{})}
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.all = append(o.all, p...)
	if o.screen != nil {
		o.screen.Write(p)
	}
	close(o.changed)
	o.changed = make(chan struct{})
	return len(p), nil
}

// String is all that came through a pipe, or what stands on the screen now,
// without blanks at the ends of lines and empty lines at the end.
func (o *output) String() string {
	if o == nil {
		return ""
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.screen == nil {
		return string(o.all)
	}
	rows := strings.Split(o.screen.String(), "\n")
	for i, row := range rows {
		rows[i] = strings.TrimRight(row, " ")
	}
	return strings.TrimRight(strings.Join(rows, "\n"), "\n")
}

// cursor is its column and row, and what stands above it.
func (o *output) cursor() (x, y int, above rune) {
	o.mu.Lock()
	defer o.mu.Unlock()
	at := o.screen.Cursor()
	return at.X, at.Y, o.screen.Cell(0, max(0, at.Y-1)).Char
}

// raw is all bytes that came.
func (o *output) raw() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Clone(o.all)
}

// until waits until what is shown is as wanted.
func (o *output) until(t *testing.T, what string, wanted func(shown string) bool) {
	t.Helper()
	limit := time.After(nettest.Limit)
	for {
		o.mu.Lock()
		changed := o.changed
		o.mu.Unlock()
		if wanted(o.String()) {
			return
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("waited %v for %s; it shows\n%s", nettest.Limit, what, o)
		}
	}
}

// has waits until text is shown.
func (o *output) has(t *testing.T, text string) {
	t.Helper()
	o.until(t, text, func(shown string) bool { return strings.Contains(shown, text) })
}

// endsWith waits until the last that is shown is text.
func (o *output) endsWith(t *testing.T, text string) {
	t.Helper()
	o.until(t, "the end "+text, func(shown string) bool { return strings.HasSuffix(shown, text) })
}

// server is the other side, played by the test.
type server struct {
	t    *testing.T
	ln   *net.TCPListener
	port string
	conn *net.TCPConn
}

func listen(t *testing.T) *server {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	return &server{t: t, ln: ln.(*net.TCPListener), port: port}
}

// accept takes the client's call.
func (s *server) accept() {
	s.t.Helper()
	s.ln.SetDeadline(time.Now().Add(nettest.Limit))
	conn, err := s.ln.AcceptTCP()
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(2 * nettest.Limit))
	s.conn = conn
}

func (s *server) send(text string) {
	s.t.Helper()
	if _, err := io.WriteString(s.conn, text); err != nil {
		s.t.Fatal(err)
	}
}

// expect reads exactly text, however it is cut.
func (s *server) expect(text string) {
	s.t.Helper()
	got := make([]byte, len(text))
	n, err := io.ReadFull(s.conn, got)
	if string(got[:n]) != text {
		s.t.Fatalf("expected %q, got %q (%v)", text, got[:n], err)
	}
}

// expectEnd reads the client's FIN, with nothing before it.
func (s *server) expectEnd() {
	s.t.Helper()
	if n, err := s.conn.Read(make([]byte, 1)); err != io.EOF {
		s.t.Fatalf("expected the end of the stream, got %d bytes, %v", n, err)
	}
}

// reset ends the connection as a crashed server's kernel does.
func (s *server) reset() {
	s.conn.SetLinger(0)
	s.conn.Close()
}

// clientOf starts a client with start and takes its call.
func clientOf(t *testing.T, start func(*testing.T, []string, ...string) *program, flags ...string) (*program, *server) {
	t.Helper()
	s := listen(t)
	client := start(t, nil, append(flags, "127.0.0.1", s.port)...)
	s.accept()
	return client, s
}

// fill writes to where nobody reads, until no more fits.
func fill(t *testing.T, to any) {
	t.Helper()
	out := to.(interface {
		io.Writer
		SetWriteDeadline(time.Time) error
	})
	page := strings.Repeat(strings.Repeat("x", 63)+"\n", 64) // as large as a pipe's, so that none has room left
	for {
		if err := out.SetWriteDeadline(time.Now().Add(time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(out, page); errors.Is(err, os.ErrDeadlineExceeded) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
