package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fakeDocker stands in for docker: it notes how it is called, and "exec" hands every key to a terminal of its own, as
// the real one does: the outer terminal stops echoing a little later than the command starts.
const fakeDocker = `#!/bin/bash
echo "$COMPOSE_PROJECT_NAME: $*" >>"$DOCKER_LOG"
case "$*" in
*" exec "*)
	mode=$(stty -g)
	sleep 0.2
	stty -icanon -echo
	while IFS= read -r line; do
		printf '%s\n' "$line" # the echo of the inner terminal
		[ "$line" = end ] && break
		printf '%s\n' "$line" # the answer of the echo server
	done
	stty "$mode" ;;
*" up "*) printf ' Container %s-echo-server-1  Started\n' "$COMPOSE_PROJECT_NAME" ;;
*" down "*) [ -z "$DOWN_FAILS" ] || { echo "cannot stop"; exit 1; } ;;
esac
`

// withDocker returns an environment in which docker is the fake one, and the file in which it notes its calls.
func withDocker(t *testing.T, more ...string) (env []string, calls string) {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "docker"), []byte(fakeDocker), 0o755); err != nil {
		t.Fatal(err)
	}
	calls = filepath.Join(bin, "calls")
	env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "DOCKER_LOG="+calls, "CI=true", "ECHO_PORT=1234")
	return append(env, more...), calls
}

func contentOf(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(content)
}

const dockerPage = `
~~~console terminal=lab
$ docker compose up -d
 Container socket-lab-echo-server-1  Started
$ echo "<$CI> $ECHO_PORT $TERM"
<> 1234 xterm
~~~
~~~console terminal=alice
$ docker compose exec workbench nc echo-server 8124
> hello
hello
> end
$ pwd | sed 's,.*/,,'
socket-lab
~~~
`

const downCall = "sl-test: compose --profile * down -v --remove-orphans --timeout 5\n"

func TestLabUnderItsOwnProject(t *testing.T) {
	root := newTree(t, map[string]string{"lab-guide/01-page.md": dockerPage})
	for _, test := range []struct {
		args, more []string
		code       int
		down       bool
	}{
		{code: exitOK, down: true},
		{args: []string{"-keep"}, code: exitOK},
		{more: []string{"DOWN_FAILS=1"}, code: exitFailed, down: true},
		{args: []string{"-down"}, code: exitOK, down: true},
	} {
		env, calls := withDocker(t, test.more...)
		code, output := guidetestUntil(t.Context(), root, env, append([]string{"-project", "sl-test"}, test.args...)...)
		if code != test.code {
			t.Errorf("%+v: exit code %d:\n%s", test, code, output)
		}
		if got := contentOf(t, calls); strings.HasSuffix(got, downCall) != test.down {
			t.Errorf("%+v: docker was called\n%s", test, got)
		}
		if (code == exitFailed) != strings.Contains(output, "cannot stop") {
			t.Errorf("%+v: the report is\n%s", test, output)
		}
	}
}

func TestNoDockerNoDown(t *testing.T) {
	env, calls := withDocker(t)
	root := newTree(t, map[string]string{"lab-guide/01-page.md": "~~~console terminal=a\n$ true\n~~~"})
	if code, output := guidetestUntil(t.Context(), root, env); code != exitOK || contentOf(t, calls) != "" {
		t.Errorf("exit code %d, calls %q:\n%s", code, contentOf(t, calls), output)
	}
}

// TestNothingIsLeft starts what a careless lesson may start and looks for it afterwards, however the run ends.
func TestNothingIsLeft(t *testing.T) {
	const start = "~~~console terminal=a\n$ docker compose up -d\n …\n$ echo $$ >>PIDS; sleep 1000 & echo $! >>PIDS\n[1] …\n" +
		"$ sh -c 'trap \"\" HUP INT TERM; echo $$ >>PIDS; echo on; sleep 1000; sleep 1000'\non\n~~~\n"
	for name, end := range map[string]string{
		"passes":      "",
		"fails":       "~~~console terminal=b\n$ true\nfalse\n~~~",
		"interrupted": "~~~console terminal=b\n$ touch READY; cat; sleep 1000\nnever\n~~~",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			page := strings.NewReplacer("PIDS", dir+"/pids", "READY", dir+"/ready").Replace(start + end)
			env, calls := withDocker(t, "TMPDIR="+dir)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if name == "interrupted" {
				go cancelWhenThere(dir+"/ready", cancel)
			}
			root := newTree(t, map[string]string{"lab-guide/01-page.md": page})
			code, output := guidetestUntil(ctx, root, env, "-project", "sl-test", "-timeout", "20s")
			if (code == exitOK) != (name == "passes") {
				t.Errorf("exit code %d:\n%s", code, output)
			}
			pids := strings.Fields(contentOf(t, dir+"/pids"))
			if len(pids) != 3 {
				t.Fatalf("the page has started %v:\n%s", pids, output)
			}
			for _, text := range pids {
				pid, _ := strconv.Atoi(text)
				if !goneSoon(pid) {
					t.Errorf("process %d is still there", pid)
				}
			}
			if !strings.HasSuffix(contentOf(t, calls), downCall) {
				t.Errorf("the lab was not taken down: %s", contentOf(t, calls))
			}
		})
	}
}

func cancelWhenThere(path string, cancel func()) {
	for range 1000 {
		if _, err := os.Stat(path); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
}

// goneSoon waits for a killed process: it may take a moment until its new parent has buried it.
func goneSoon(pid int) bool {
	for range 300 {
		if err := syscall.Kill(pid, 0); errors.Is(err, syscall.ESRCH) {
			return true
		}
		if state, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat"); err == nil && strings.Contains(string(state), ") Z ") {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

func TestCheckoutIsNotTouched(t *testing.T) {
	root := newTree(t, map[string]string{
		"lab-guide/01-page.md": "~~~diff file=f.txt\n-one\n+1\n~~~\n~~~console terminal=a\n$ cat f.txt .env; ls ignored\n1\nA=1\nls: …\n$ rm f.txt\n~~~",
		"f.txt":                "one\n", ".env": "A=1\n", "ignored": "x", ".gitignore": "ignored\n.env\n",
	})
	if code, output := guidetest(t, root); code != exitOK || contentOf(t, root+"/f.txt") != "one\n" {
		t.Errorf("exit code %d, f.txt is %q:\n%s", code, contentOf(t, root+"/f.txt"), output)
	}
}

func TestLostBlockIsSeen(t *testing.T) {
	// The Markdown parser takes the second one for indented code.
	page := "~~~console terminal=a\n$ true\n~~~\n\n    ~~~console terminal=a\n    $ true\n    ~~~\n"
	code, output := playPage(t, page)
	if code != exitFailed || !strings.Contains(output, "the page has 2 blocks, but 1 were run and 0 skipped") {
		t.Errorf("exit code %d:\n%s", code, output)
	}
}

func TestSeveralLessons(t *testing.T) {
	const good, bad = "~~~console terminal=a\n$ true\n~~~\n", "~~~console terminal=a\n$ false\nx\n~~~\n"
	root := newTree(t, map[string]string{
		"lab-guide/README.md": "# Index", "lab-guide/01-a.md": good, "lab-guide/02-b.md": bad,
		"lab-guide/03-c.md": good + "~~~console terminal=b skip=later\n$ false\n~~~\n",
	})
	for _, test := range []struct {
		args []string
		code int
		said []string
	}{
		{nil, exitFailed, []string{"ok  lab-guide/01-a.md  1 blocks, 0 skipped, ", "FAIL  lab-guide/02-b.md", "guide: 2 blocks run, 1 skipped, in 3 lessons\n"}},
		{[]string{"01", "03"}, exitOK, []string{"ok  lab-guide/03-c.md  1 blocks, 1 skipped, ", "guide: 2 blocks run, 1 skipped, in 2 lessons\n"}},
		{[]string{"04"}, exitUsage, []string{`begins with "04"`}},
		{[]string{"-timeout", "0s"}, exitUsage, []string{"must be more than 0"}},
		{[]string{"-wrong"}, exitUsage, []string{"flag provided but not defined"}},
		{[]string{"-h"}, exitOK, []string{"usage: guidetest"}},
		{[]string{"-list", "03"}, exitOK, []string{"lab-guide/03-c.md:1 terminal=a\nlab-guide/03-c.md:4 terminal=b skip=later\n"}},
		{[]string{"-v", "01"}, exitOK, []string{"a| ", "true\n"}},
	} {
		code, output := guidetest(t, root, test.args...)
		if code != test.code {
			t.Errorf("%v: exit code %d, want %d:\n%s", test.args, code, test.code, output)
		}
		for _, part := range test.said {
			if !strings.Contains(output, part) {
				t.Errorf("%v: lacks %q:\n%s", test.args, part, output)
			}
		}
	}
}

func TestBadPageRunsNothing(t *testing.T) {
	root := newTree(t, map[string]string{"lab-guide/01-a.md": "~~~console terminal=a\n$ touch ran\n~~~\n", "lab-guide/02-b.md": "~~~console\n~~~\n"})
	var out, complaint bytes.Buffer
	code := run(t.Context(), []string{"-root", root}, os.Environ(), &out, &complaint)
	if code != exitUsage || out.Len() > 0 || !strings.Contains(complaint.String(), "lab-guide/02-b.md:1: a console block needs") {
		t.Errorf("exit code %d, %q, %q", code, &out, &complaint)
	}
}
