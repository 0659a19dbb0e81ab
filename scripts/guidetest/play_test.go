package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// newTree makes a checkout with the given files. Pages use ~~~ fences, which can stand in a Go string.
func newTree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	if out, err := exec.Command("git", "init", "-q", root).CombinedOutput(); err != nil {
		t.Fatalf("git init: %v: %s", err, out)
	}
	for name, content := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// guidetest runs the whole program over a tree, with short limits.
func guidetest(t *testing.T, root string, args ...string) (code int, output string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return guidetestUntil(ctx, root, os.Environ(), args...)
}

func guidetestUntil(ctx context.Context, root string, env []string, args ...string) (code int, output string) {
	var out bytes.Buffer
	all := append([]string{"-root", root, "-timeout", "2s", "-slow-timeout", "4s", "-quiet", "300ms"}, args...)
	code = run(ctx, all, env, &out, &out)
	return code, out.String()
}

func playPage(t *testing.T, page string) (code int, output string) {
	t.Helper()
	return guidetest(t, newTree(t, map[string]string{"lab-guide/01-page.md": page, "f.txt": "one\ntwo\n"}))
}

func TestRightPagesPass(t *testing.T) {
	for name, page := range map[string]string{
		"commands":                "~~~console terminal=a\n$ echo hello\nhello\n$ printf '1\\n\\n2\\n'\n1\n\n2\n$ true\n~~~",
		"echo and answer":         "~~~console terminal=a\n$ cat\n> hello\nhello\n> hello\nhello\n> <Ctrl-D>\n$ echo $?\n0\n~~~",
		"Ctrl-C":                  "~~~console terminal=a\n$ cat\n> <Ctrl-C>\n$ echo $?\n130\n~~~",
		"Ctrl-C at the end":       "~~~console terminal=a\n$ sleep 1000\n~~~\n~~~console terminal=a\n> <Ctrl-C>\n~~~",
		"Ctrl-C survived":         "~~~console terminal=a\n$ (trap '' INT; cat)\n> <Ctrl-C>\n~~~\n~~~console terminal=a\n> still here\nstill here\n> <Ctrl-D>\n~~~",
		"output without end":      "~~~console terminal=a\n$ printf x\nx\n$ printf y; cat\ny\n> z\nz\n> <Ctrl-D>\n~~~",
		"state over blocks":       "~~~console terminal=a\n$ cd /; x=5\n~~~\n~~~console terminal=b\n$ pwd | grep -c socket-lab\n1\n~~~\n~~~console terminal=a\n$ pwd; echo $x\n/\n5\n~~~",
		"here document":           "~~~console terminal=a\n$ cat <<END\n> one\n> END\none\n~~~",
		"history":                 "~~~console terminal=a\n$ echo one\none\n> <Up>\n> <Enter>\none\n~~~",
		"wrong command":           "~~~console terminal=a\n$ )\nbash: syntax error …\n~~~",
		"prompt of a program":     "~~~console terminal=a\n$ read -p 'name? ' n; echo \"hi $n\"\nname?\n> bob\nhi bob\n~~~",
		"program's prompt >":      "~~~console terminal=a\n$ printf 'ready\\n> '; read x; echo \"got $x\"\nready\n> yes\ngot yes\n~~~",
		"a line that ends late":   "~~~console terminal=a\n$ stty -echo; printf 'go'; read x; printf '\\necho\\nanswer\\n'; stty echo\ngo\n> echo\nanswer\n~~~",
		"empty input":             "~~~console terminal=a\n$ read x; echo \"<$x>\"\n> <Enter>\n<>\n~~~",
		"long input":              "~~~console terminal=a\n$ echo " + strings.Repeat("long ", 50) + "\n" + strings.TrimSpace(strings.Repeat("long ", 50)) + "\n~~~",
		"redrawn line":            "~~~console terminal=a\n$ printf ' 10%%\\r 50%%\\r100%%\\n'\n100%\n~~~",
		"ellipses":                "~~~console terminal=a\n$ seq 9; date +%Y\n1\n…\n9\n2…\n~~~",
		"blank edges":             "~~~console terminal=a\n\n$ printf '1\\n\\n'\n1\n\n~~~",
		"output goes on":          "~~~console terminal=a\n$ mkfifo f\n$ read x <f; echo $x\n~~~\n~~~console terminal=b\n$ echo late >f\n~~~\n~~~console terminal=a\nlate\n~~~",
		"a program echoes itself": "~~~console terminal=a\n$ stty raw -echo; printf 'go\\r\\n'; x=$(head -c 4); printf 'hey\\r\\nhey\\r\\n'; stty sane\ngo\n> hey\nhey\n~~~",
		"a command has ended at the end of its block": "~~~console terminal=a\n$ sleep 0.1; touch done\n~~~\n~~~console terminal=b\n$ ls done\ndone\n~~~\n~~~console terminal=a\n$ true\n~~~",
		"so has the last one of a terminal":           "~~~console terminal=a\n$ sleep 0.1; touch done\n~~~\n~~~console terminal=b\n$ ls done\ndone\n~~~",
		"colours":                                     "~~~console terminal=a\n$ printf '\\033[31mred\\033[0m\\n'\nred\n~~~",
		"skip":                                        "~~~console terminal=a skip=not-here\n$ false\nnothing\n~~~\n~~~console terminal=a\n$ true\n~~~",
		"edit":                                        "~~~diff file=f.txt\n one\n-two\n+2\n~~~\n~~~console terminal=a\n$ cat f.txt\none\n2\n~~~",
		"not run at all":                              "~~~text\n$ rm x\n~~~\n~~~console terminal=a\n$ true\n~~~",
		"suspended and killed":                        "~~~console terminal=a\n$ cat\n> <Ctrl-Z>\n…\n[1]+  Stopped  …\n$ kill %1\n…\n$ true\n…\n~~~",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if code, output := playPage(t, page); code != exitOK {
				t.Errorf("exit code %d:\n%s", code, output)
			}
		})
	}
}

// A page names what Compose makes as a learner's Compose does, and the lab runs under another name.
func TestNamesOfTheProject(t *testing.T) {
	const page = "~~~console terminal=a\n$ echo socket-lab_data >f; cat f; grep -c sl-test_data f\nsocket-lab_data\n1\n~~~"
	root := newTree(t, map[string]string{"lab-guide/01-page.md": page})
	if code, output := guidetest(t, root, "-project", "sl-test"); code != exitOK {
		t.Errorf("exit code %d:\n%s", code, output)
	}
}

// A port of this computer may be taken, so the page's is not used. Digits of another number stay, and so does what is
// typed where no port is named.
func TestPortsOfThisComputer(t *testing.T) {
	const page = "~~~console terminal=a port=9000\n$ echo port 9000 of 90001 | tee f; wc -l <f\nport 9000 of 90001\n1\n~~~\n" +
		"~~~console terminal=a\n$ grep -c 'port 9000 of' f\n0\n~~~\n" +
		"~~~console terminal=b\n$ cat f\nport 9000 of 90001\n~~~"
	if code, output := playPage(t, page); code != exitOK {
		t.Errorf("exit code %d:\n%s", code, output)
	}
}

func TestWrongPagesFail(t *testing.T) {
	for _, test := range []struct {
		name, page string
		said       []string // parts of the report
	}{
		{"wrong expectation", "~~~console terminal=a\n$ echo hello\nhello\n$ echo wurld\nworld\n~~~",
			[]string{"lab-guide/01-page.md:5: terminal a: this line is not what came", "expected: world", "came:     wurld", "             ^\n", "screen of terminal a", "| $ echo wurld"}},
		{"missing output", "~~~console terminal=a\n$ echo hello\nhello\nyou\n~~~",
			[]string{":4: terminal a: this line has not come", "expected: you", "nothing more"}},
		{"missing output of a program that stays", "~~~console terminal=a\n$ cat\n> one\none\ntwo\n~~~",
			[]string{":5: terminal a: this line has not come", "expected: two", "waited 2", "limit 2s"}},
		{"extra output", "~~~console terminal=a\n$ printf '1\\n2\\n'\n1\n$ true\n~~~",
			[]string{":3: terminal a: output that the page does not show, after this line", "came:     2"}},
		{"extra output in between", "~~~console terminal=a\n$ printf '1\\n2\\n3\\n'\n1\n3\n~~~",
			[]string{":4: terminal a: this line is not what came", "expected: 3", "came:     2"}},
		{"extra output at the end of the lesson", "~~~console terminal=a\n$ (sleep 0.2; echo late) & cat\n[1] …\n~~~\n~~~console terminal=b\n$ sleep 0.6\n~~~\n~~~console terminal=a\n> x\nx\n~~~",
			[]string{"terminal a: ", "late"}},
		{"output after the last look", "~~~console terminal=a\n$ touch log; tail -f log\n~~~\n~~~console terminal=b\n$ echo late >>log; sleep 0.5\n~~~",
			[]string{":2: terminal a: output that the page does not show, after this line", "came:     late"}},
		{"nobody reads", "~~~console terminal=a\n$ stty raw -echo; echo go; sleep 1000\ngo\n> " + strings.Repeat("x", 100_000) + "\n~~~",
			[]string{":4: terminal a does not take what is typed: ", "i/o timeout"}},
		{"job writes at the prompt", "~~~console terminal=a\n$ mkfifo f\n$ (read x <f; echo late) &\n[1] …\n~~~\n~~~console terminal=b\n$ echo x >f; sleep 0.2\n~~~\n~~~console terminal=a\n$ true\n~~~",
			[]string{":4: terminal a: output that the page does not show", "came:     late"}},
		{"nothing fits behind an ellipsis", "~~~console terminal=a\n$ printf 'alpha\\nname foo\\nomega\\n'\n…\nname bar\n~~~",
			[]string{":4: terminal a: this line is not what came", "expected: name bar", "came:     name foo", "                 ^\n"}},
		{"echo is no answer", "~~~console terminal=a\n$ cat >/dev/null\n> hello\nhello\n~~~",
			[]string{":4: terminal a: this line has not come", "expected: hello"}},
		{"no echo", "~~~console terminal=a\n$ stty -echo; echo go; read x; stty echo; echo \"got $x\"\ngo\n> secret\ngot secret\n~~~",
			[]string{":4: terminal a: what was typed, \"secret\", was not echoed"}},
		{"blank line not shown", "~~~console terminal=a\n$ printf '1\\n\\n2\\n'\n1\n2\n~~~",
			[]string{":4: terminal a: this line is not what came"}},
		{"program has ended", "~~~console terminal=a\n$ true\n~~~\n~~~console terminal=a\n> hello\n~~~",
			[]string{":5: terminal a: no program runs here"}},
		{"program does not end", "~~~console terminal=a\n$ cat\n$ true\n~~~",
			[]string{":3: terminal a: the prompt has not come back after line 2", "limit 2s"}},
		{"slow command", "~~~console terminal=a\n$ docker() { cat; }; docker compose up\n$ true\n~~~",
			[]string{":3: terminal a: the prompt has not come back", "limit 4s"}},
		{"slow without compose", "~~~console terminal=a\n$ docker() { cat; }; docker run x\n$ true\n~~~",
			[]string{":3: terminal a: the prompt has not come back", "limit 4s"}},
		{"shell has ended", "~~~console terminal=a\n$ exit\nexit\n$ true\n~~~",
			[]string{":4: terminal a: the shell has ended"}},
		{"diff does not fit", "~~~console terminal=a\n$ true\n~~~\n~~~diff file=f.txt\n-three\n+3\n~~~",
			[]string{":5: the old lines of the diff occur 0 times in f.txt"}},
		{"diff of no file", "~~~diff file=g.txt\n-three\n+3\n~~~",
			[]string{":1: file=g.txt: no such file"}},
		{"nothing to run", "# Words\n", []string{":1: a numbered lesson without a single block"}},
		{"control characters are shown", "~~~console terminal=a\n$ printf 'a\\xffb\\n'\nab\n~~~", []string{`came:     a\ufffdb`, "             ^"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			code, output := playPage(t, test.page)
			if code != exitFailed {
				t.Errorf("exit code %d", code)
			}
			for _, part := range test.said {
				if !strings.Contains(output, part) {
					t.Errorf("the report lacks %q:\n%s", part, output)
				}
			}
		})
	}
}

func TestOutputIsBounded(t *testing.T) {
	page := "~~~console terminal=a\n$ head -c 1100000 /dev/zero | tr '\\0' x | fold -w 90\n…\n~~~"
	code, output := guidetest(t, newTree(t, map[string]string{"lab-guide/01-page.md": page}), "-timeout", "30s")
	if code != exitFailed || !strings.Contains(output, "has written more than 1048576 cells") {
		t.Errorf("exit code %d:\n%s", code, output)
	}
}

// A command that has ended without the expected output is a failure at once, whatever the limit is.
func TestEndedCommandIsNotWaitedFor(t *testing.T) {
	root := newTree(t, map[string]string{"lab-guide/01-page.md": "~~~console terminal=a\n$ true\nx\n~~~"})
	began := time.Now()
	code, output := guidetest(t, root, "-timeout", "40s")
	if code != exitFailed || time.Since(began) > 20*time.Second {
		t.Errorf("exit code %d after %s:\n%s", code, time.Since(began), output)
	}
}
