package boot

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// TestMain lets the tests run a program of this package as a process: it works
// until it is told to stop twice, or once where BOOT_TEST=polite.
func TestMain(m *testing.M) {
	nettest.Main(m, func() {
		var manners string
		os.Exit(Main(Program{
			Name: "tester", About: "tests boot",
			Settings: func(s *Settings) {
				s.Choice(&manners, "BOOT_TEST", "polite", []string{"polite", "stubborn", "broken"}, "how it ends")
			},
			Run: func(ctx context.Context, log *logrus.Logger) error {
				log.WithField("addr", manners).Info("Listening")
				if manners == "broken" {
					return errors.New("out of luck")
				}
				<-ctx.Done()
				if manners == "stubborn" {
					select {} // only a second signal ends this
				}
				return nil
			},
			Health: func(context.Context) error {
				if manners == "broken" {
					return errors.New("feels bad")
				}
				return nil
			},
		}))
	})
}

func TestExitCodes(t *testing.T) {
	tests := []struct {
		name    string
		env     string
		args    []string
		signals []os.Signal
		code    int
		says    string
	}{
		{"SIGTERM", "BOOT_TEST=polite", nil, []os.Signal{syscall.SIGTERM}, 0, "Asked to stop"},
		{"SIGINT", "BOOT_TEST=polite", nil, []os.Signal{syscall.SIGINT}, 0, "Asked to stop"},
		{"a second signal", "BOOT_TEST=stubborn", nil, []os.Signal{syscall.SIGTERM, syscall.SIGINT}, 130, "Second signal: ending at once"},
		{"Run fails", "BOOT_TEST=broken", nil, nil, 1, "out of luck"},
		{"a wrong setting", "BOOT_TEST=rude", nil, nil, 2, `BOOT_TEST="rude" is not allowed: it must be polite, stubborn or broken`},
		{"a wrong flag", "BOOT_TEST=polite", []string{"-colour"}, nil, 2, "-colour"},
		{"an argument", "BOOT_TEST=polite", []string{"8124"}, nil, 2, "takes no arguments"},
		{"-help", "BOOT_TEST=polite", []string{"-help"}, nil, 0, "BOOT_TEST"},
		{"healthy", "BOOT_TEST=polite", []string{"-healthcheck"}, nil, 0, ""},
		{"not healthy", "BOOT_TEST=broken", []string{"-healthcheck"}, nil, 1, "not healthy: feels bad"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			program := nettest.Start(t, []string{test.env}, test.args)
			for i, sig := range test.signals {
				if i == 0 {
					program.WaitListening()
				} else {
					program.Log.Wait(t, "Asked to stop", 1)
				}
				program.Signal(sig)
			}
			if code := program.Wait(); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			if !strings.Contains(program.Log.String(), test.says) {
				t.Errorf("it does not say %q but:\n%s", test.says, program.Log)
			}
		})
	}
}

// env is a lookup for tests.
func env(values map[string]string) lookup {
	return func(name string) (string, bool) {
		value, set := values[name]
		return value, set
	}
}

func TestSettings(t *testing.T) {
	type all struct {
		addr, mode, data string
		limits           netserver.Limits
	}
	defaults := all{":8124", "manual", "chat.db", netserver.Limits{MaxConns: 10000, IdleTimeout: time.Hour, Grace: 5 * time.Second}}
	with := func(change func(*all)) all {
		changed := defaults
		change(&changed)
		return changed
	}
	tests := []struct {
		name, value string
		want        all
		wrong       bool
	}{
		{"ECHO_ADDR", "127.0.0.1:0", with(func(a *all) { a.addr = "127.0.0.1:0" }), false},
		{"ECHO_ADDR", "", defaults, false},
		{"ECHO_ADDR", "8124", all{}, true},
		{"ECHO_ADDR", ":99999", all{}, true},
		{"ECHO_ADDR", ":http", all{}, true},
		{"ECHO_MODE", "pipe", with(func(a *all) { a.mode = "pipe" }), false},
		{"ECHO_MODE", "Pipe", all{}, true},
		{"CHAT_DATA", os.TempDir() + "/other.db", with(func(a *all) { a.data = os.TempDir() + "/other.db" }), false},
		{"CHAT_DATA", "/no/such/folder/chat.db", all{}, true},
		{"CHAT_DATA", os.TempDir() + "/", all{}, true},
		{"MAX_CONNS", "1", with(func(a *all) { a.limits.MaxConns = 1 }), false},
		{"MAX_CONNS", "0", all{}, true},
		{"MAX_CONNS", "many", all{}, true},
		{"IDLE_TIMEOUT", "0", with(func(a *all) { a.limits.IdleTimeout = 0 }), false},
		{"IDLE_TIMEOUT", "90s", with(func(a *all) { a.limits.IdleTimeout = 90 * time.Second }), false},
		{"IDLE_TIMEOUT", "90", all{}, true},
		{"SHUTDOWN_GRACE", "-1s", all{}, true},
	}
	for _, test := range tests {
		t.Run(test.name+"="+test.value, func(t *testing.T) {
			var got all
			var s Settings
			s.Addr(&got.addr, "ECHO_ADDR", ":8124", "where")
			s.Choice(&got.mode, "ECHO_MODE", "manual", []string{"manual", "pipe"}, "how")
			s.File(&got.data, "CHAT_DATA", "chat.db", "what is kept")
			s.Limits(&got.limits)
			err := s.read(env(map[string]string{test.name: test.value}))
			switch {
			case test.wrong && err == nil:
				t.Fatalf("%q was taken", test.value)
			case test.wrong:
				for _, part := range []string{test.name, `"` + test.value + `"`, "must be"} {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("the error lacks %s: %v", part, err)
					}
				}
			case err != nil:
				t.Fatal(err)
			case got != test.want:
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestAllWrongSettingsAreNamedAtOnce(t *testing.T) {
	var out bytes.Buffer
	var n int
	code := Program{Name: "tester", Settings: func(s *Settings) { s.Int(&n, "ONE", 1, 1, 9, "one") }}.
		main(nil, env(map[string]string{"ONE": "x", "LOG_LEVEL": "loud"}), &out)
	if code != exitUsage || !strings.Contains(out.String(), `ONE="x"`) || !strings.Contains(out.String(), `LOG_LEVEL="loud"`) {
		t.Errorf("code %d, said:\n%s", code, &out)
	}
}

func TestDotEnv(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(text string) {
		if err := os.WriteFile(".env", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	real := env(map[string]string{"BOTH": "from the environment"})

	merged, err := withDotEnv(real)
	if err != nil {
		t.Fatalf("no .env is no error: %v", err)
	}
	if _, set := merged("ONLY_FILE"); set {
		t.Error("a value out of nowhere")
	}
	write("BOTH=from the file\nONLY_FILE=yes\n")
	if merged, err = withDotEnv(real); err != nil {
		t.Fatal(err)
	}
	if value, _ := merged("BOTH"); value != "from the environment" {
		t.Errorf("BOTH is %q: the real environment must win", value)
	}
	if value, _ := merged("ONLY_FILE"); value != "yes" {
		t.Errorf("ONLY_FILE is %q", value)
	}
	write("this is not a setting\n")
	if _, err = withDotEnv(real); err == nil || !strings.Contains(err.Error(), "NAME=value") {
		t.Errorf("a broken .env: %v", err)
	}
}

func TestProbesAreKnownByTheirAddress(t *testing.T) {
	ln, err := netserver.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	for _, test := range []struct {
		dial  func() error
		probe bool
	}{
		{func() error { _, err := DialProbe(t.Context(), ln.Addr().String()); return err }, true},
		{func() error { nettest.Dial(t, ln.Addr().String()); return nil }, false},
	} {
		if err := test.dial(); err != nil {
			t.Fatal(err)
		}
		conn, err := ln.Accept()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if got := IsProbe(conn.RemoteAddr()); got != test.probe {
			t.Errorf("IsProbe(%v) is %v", conn.RemoteAddr(), got)
		}
	}
}
