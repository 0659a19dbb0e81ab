package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"socketlab/kit/nettest"
)

func TestMain(m *testing.M) { nettest.Main(m, main) }

func program() nettest.Server {
	return nettest.Server{
		Name:    "crud-server",
		AddrVar: "CRUD_ADDR",
		Modes:   []string{"CRUD_DATA=crud.db"},
		Say:     func(word string) string { return "read " + strings.ReplaceAll(word, " ", "-") + "\n" },
		Answer:  func(word string) string { return "ERR missing " + strings.ReplaceAll(word, " ", "-") + "\n" },
	}
}

func TestProgram(t *testing.T) { program().TestProgram(t) }

// startOn starts the program on the store at path.
func startOn(t testing.TB, path string) *nettest.Process {
	t.Helper()
	return program().Start(t, []string{"CRUD_DATA=" + path})
}

// runFlags runs the program with args to its end and returns its exit code, what
// it prints, and what it logs.
func runFlags(t testing.TB, path string, args ...string) (code int, out, log string) {
	t.Helper()
	var printed bytes.Buffer
	cmd := nettest.Command(t, []string{"CRUD_DATA=" + path}, args)
	cmd.Stdout = &printed
	p := nettest.Run(t, cmd)
	code = p.Wait()
	return code, printed.String(), p.Log.String()
}

// stop asks a server to stop and waits for its end.
func stop(t testing.TB, server *nettest.Process) {
	t.Helper()
	server.Signal(syscall.SIGTERM)
	if code := server.Wait(); code != 0 {
		t.Fatalf("exit code %d; the log:\n%s", code, server.Log)
	}
}

// CRUD-17
func TestWhatIsConfirmedSurvives(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crud.db")
	for _, end := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		server := startOn(t, path)
		play(t, nettest.Dial(t, server.Addr), fmt.Sprintf("> create %d v\n< OK created %d v1\n", end, end))
		server.Signal(end)
		server.Wait()
	}
	server := startOn(t, path)
	play(t, nettest.Dial(t, server.Addr), "> list\n< 15 v1 v\n< 9 v1 v\n< OK 2 records\n")
}

const exported = `{"key":"a","version":3,"value":"one"}
{"key":"b","version":1,"value":"é \" <"}
`

// CRUD-25
func TestDump(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crud.db")
	server := startOn(t, path)
	play(t, nettest.Dial(t, server.Addr), `
		> create b é " <
		< OK created b v1
		> create a 1
		< OK created a v1
		> update a 2
		< OK updated a v2
		> update a one
		< OK updated a v3
	`)
	if code, out, log := runFlags(t, path, "-dump"); code != 1 || out != "" || !strings.Contains(log, "another server has it open") {
		t.Errorf("beside a server: exit code %d, printed %q, the log:\n%s", code, out, log)
	}
	stop(t, server)
	if code, out, log := runFlags(t, path, "-dump"); code != 0 || out != exported {
		t.Errorf("exit code %d, printed %q, the log:\n%s", code, out, log)
	}
	nowhere := filepath.Join(t.TempDir(), "crud.db")
	if code, _, log := runFlags(t, nowhere, "-dump"); code != 1 || !strings.Contains(log, "no such file") {
		t.Errorf("without a store: exit code %d, the log:\n%s", code, log)
	}
}

// CRUD-26
func TestImport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crud.db")
	for _, content := range []string{
		exported + "OK\n",
		`{"value":"an order of its own","key":"0","version":7}` + "\r\n",
		"",
	} {
		if code, _, log := runFlags(t, path, "-import", write(t, content)); code != 0 {
			t.Fatalf("exit code %d, the log:\n%s", code, log)
		}
	}
	server := startOn(t, path)
	play(t, nettest.Dial(t, server.Addr), `
		> list
		< 0 v7 an order of its own
		< a v3 one
		< b v1 é " <
		< OK 3 records
		> update a @3 two
		< OK updated a v4
	`)
	if code, _, log := runFlags(t, path, "-import", write(t, "")); code != 1 || !strings.Contains(log, "another server has it open") {
		t.Errorf("beside a server: exit code %d, the log:\n%s", code, log)
	}
	stop(t, server)
	if code, out, _ := runFlags(t, path, "-dump"); code != 0 || strings.Count(out, "\n") != 3 {
		t.Errorf("exit code %d, printed %q", code, out)
	}
}

func write(t testing.TB, content string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "backup.jsonl")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestImportOfWhatComesIn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crud.db")
	cmd := nettest.Command(t, []string{"CRUD_DATA=" + path}, []string{"-import", "-"})
	cmd.Stdin = strings.NewReader(exported)
	p := nettest.Run(t, cmd)
	if code := p.Wait(); code != 0 {
		t.Errorf("exit code %d, the log:\n%s", code, p.Log)
	}
	if _, out, _ := runFlags(t, path, "-dump"); out != exported {
		t.Errorf("printed %q", out)
	}
}

// A file that is half bad is refused whole, with the line and the reason.
func TestImportOfABadFile(t *testing.T) {
	const good = `{"key":"c","version":1,"value":"v"}` + "\n"
	path := filepath.Join(t.TempDir(), "crud.db")
	if code, _, log := runFlags(t, path, "-import", write(t, exported)); code != 0 {
		t.Fatal(log)
	}
	for content, want := range map[string]string{
		"OK\n" + good:                                  "line 3: it stands behind OK",
		"\n":                                           "line 2: it is empty",
		"OK 3 records\n":                               "line 2: it is not {",
		`{"key":"d","version":1`:                       "line 2: it is not {",
		`["d",1,"v"]`:                                  "line 2: it is not {",
		`{"key":"d","version":1} x`:                    "line 2: something stands behind the record",
		`{"version":1,"value":"v"}`:                    "line 2: it has no key",
		`{"key":"d","value":"v"}`:                      "line 2: it has no version",
		`{"key":"d","version":1}`:                      "line 2: it has no value",
		"{\"key\":\"d\xff\"}":                          "line 2: it is not UTF-8",
		strings.Repeat("x", maxJSON+1):                 "line 2: it is longer than",
		`{"key":"d","version":0,"value":"v"}`:          "line 2: it has no version",
		`{"key":"d","version":-1,"value":"v"}`:         "line 2: it is not {",
		`{"key":"d","version":"1","value":"v"}`:        "line 2: it is not {",
		`{"key":"d","version":1,"value":"v","more":1}`: "line 2: it is not {",
		`{"key":"d e","version":1,"value":"v"}`:        "line 2: badkey",
		`{"key":"` + strings.Repeat("k", 129) + `","version":1,"value":"v"}`:          "line 2: toolong",
		`{"key":"d","version":1,"value":"\u001b[2J"}`:                                 "line 2: badvalue",
		`{"key":"d","version":1,"value":"` + strings.Repeat("v", 65537) + `"}`:        "line 2: toolong",
		`{"key":"a","version":1,"value":"v"}`:                                         "line 2: the key exists",
		`{"key":"d","version":1,"value":"v"}` + "\n" + good:                           "line 3: the key is there twice",
		`{"key":"d","version":1,"value":"v"}` + "\n" + strings.Repeat("x", maxJSON+1): "line 3: it is longer than",
	} {
		code, _, log := runFlags(t, path, "-import", write(t, good+content))
		if code != 1 || !strings.Contains(log, want) || !strings.Contains(log, "nothing was imported") {
			t.Errorf("%.60q: exit code %d, the log:\n%s", content, code, log)
		}
	}
	if code, _, log := runFlags(t, path, "-import", "/no/such/file"); code != 1 || !strings.Contains(log, "no such file") {
		t.Errorf("exit code %d, the log:\n%s", code, log)
	}
	if code, out, _ := runFlags(t, path, "-dump"); code != 0 || out != exported {
		t.Errorf("after all that: exit code %d, %s", code, out)
	}
}

func TestDumpAndImportAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "crud.db")
	if code, _, log := runFlags(t, path, "-dump", "-import", "x"); code != 2 || !strings.Contains(log, "one at a time") {
		t.Errorf("exit code %d, the log:\n%s", code, log)
	}
}

// CRUD-27
func TestFilesThatCannotBeServed(t *testing.T) {
	first := filepath.Join(t.TempDir(), "crud.db")
	startOn(t, first)
	cut := filepath.Join(t.TempDir(), "crud.db")
	stop(t, startOn(t, cut))
	if err := os.Truncate(cut, 10000); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(t.TempDir(), "crud.db")
	stop(t, startOn(t, missing))
	if err := os.Remove(missing + ".journal-0"); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		first:                         "another server has it open",
		cut:                           "is damaged",
		missing:                       "is damaged",
		write(t, "Dear diary, today"): "is damaged, or no file of this store",
		write(t, ""):                  "it is empty",
		t.TempDir():                   "it is not a file",
	} {
		server := nettest.Start(t, []string{"CRUD_ADDR=127.0.0.1:0", "CRUD_DATA=" + path}, nil)
		code := server.Wait()
		log := server.Log.String()
		if code != 1 || !strings.Contains(log, want) || strings.Contains(log, "goroutine") || strings.Contains(log, "Listening") {
			t.Errorf("%s: exit code %d, the log:\n%s", want, code, log)
		}
	}
}
