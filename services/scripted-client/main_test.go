package main

import (
	"net"
	"strings"
	"syscall"
	"testing"

	"socketlab/kit/nettest"
)

func TestMain(m *testing.M) { nettest.Main(m, main) }

func TestExitCodes(t *testing.T) {
	good := nettest.Listen(t, says("Hello from the server!\nHELLO FROM THE CLIENT!\nQUIT\n"))
	absent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	absent.Close()
	for _, test := range []struct {
		name string
		env  string
		args []string
		code int
		says string
	}{
		{"the conversation", "CLIENT_ADDR=" + good, nil, 0, "Disconnected from server"},
		{"-addr wins", "CLIENT_ADDR=127.0.0.1:1", []string{"-addr", good}, 0, "HELLO FROM THE CLIENT!"},
		{"a talk", "CLIENT_ADDR=" + good, []string{"-script", script(t, "< Hello …\n> hi\n< HELLO FROM…\n< QUIT\n")}, 0, "> hi"},
		{"a mismatch", "CLIENT_ADDR=" + good, []string{"-script", script(t, "< Hallo\n")}, 1, "test.talk:1: the server said something else"},
		{"no answer", "CLIENT_ADDR=" + nettest.Listen(t, says("")), []string{"-timeout", "100ms"}, 1, "waited 100ms in vain"},
		{"a wrong setting", "CLIENT_ADDR=8125", nil, 2, `CLIENT_ADDR=\"8125\" is not allowed`},
		{"a wrong flag", "", []string{"-colour"}, 2, "-colour"},
		{"a wrong -addr", "", []string{"-addr", "upper-server"}, 2, "it must be an address such as upper-server:8125"},
		{"a wrong -timeout", "", []string{"-timeout", "0s"}, 2, "it must be a length of time such as 500ms"},
		{"an argument", "", []string{"upper.talk"}, 2, "upper.talk"},
		{"no such script", "", []string{"-script", "none.talk"}, 2, "there is no script none.talk"},
		{"a wrong script", "", []string{"-script", script(t, "> a\nb\n")}, 2, "test.talk:2: a line begins with"},
		{"nobody there", "CLIENT_ADDR=" + absent.Addr().String(), []string{"-connect", "400ms"}, 3, "cannot connect: " + nobodyListens(absent.Addr().String())},
		{"no such machine", "CLIENT_ADDR=no-such-machine.invalid:8125", []string{"-connect", "400ms"}, 3, "no-such-machine.invalid"},
		{"-help", "", []string{"-help"}, 0, "-script FILE"},
		{"-help", "", []string{"--help"}, 0, "CLIENT_ADDR"},
		{"-help", "", []string{"-help"}, 0, "give up connecting after TIME; the server may still be starting (default 10s)"},
		{"-help", "", []string{"-help"}, 0, "wait at most TIME for an answer, such as 500ms or 1m (default 5s)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			client := nettest.Start(t, []string{test.env}, test.args)
			if code := client.Wait(); code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			said := client.Log.String()
			if !strings.Contains(said, test.says) && !strings.Contains(said, strings.ReplaceAll(test.says, `\"`, `"`)) {
				t.Errorf("it does not say %q but:\n%s", test.says, said)
			}
		})
	}
}

func TestSIGTERMEndsTheWait(t *testing.T) {
	client := nettest.Start(t, []string{"CLIENT_ADDR=" + nettest.Listen(t, says("Hello\n"))}, []string{"-timeout", "1h"})
	client.Log.Wait(t, "Connected to Server!", 1)
	client.Signal(syscall.SIGTERM)
	if code := client.Wait(); code != 1 || !strings.Contains(client.Log.String(), "stopped before the conversation was over") {
		t.Errorf("exit code %d:\n%s", code, client.Log)
	}
}
