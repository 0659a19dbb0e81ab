package suites

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// challenge matches a suite that a challenge names: "docker compose run … checker SUITE".
var challenge = regexp.MustCompile(`(?m)^docker compose run .*\bchecker ([a-z-]+)`)

// Each lesson's challenge names the suite that checks it, and each suite is named by a challenge.
func TestEveryChallengeNamesItsSuite(t *testing.T) {
	named := make(map[string]bool) // suite: whether a challenge has named it
	for _, suite := range All() {
		named[suite.Name] = false
	}
	lessons, err := filepath.Glob("../../../lab-guide/[0-9]*.md")
	if err != nil || len(lessons) < 9 {
		t.Fatalf("the lessons are not where they should be: %q, %v", lessons, err)
	}
	for _, lesson := range lessons {
		page, err := os.ReadFile(lesson)
		if err != nil {
			t.Fatal(err)
		}
		_, section, _ := strings.Cut(string(page), "\n## Challenge\n")
		suites := challenge.FindAllStringSubmatch(section, -1)
		if len(suites) == 0 {
			t.Errorf("%s: the challenge names no suite", filepath.Base(lesson))
		}
		for _, found := range suites {
			if _, exists := named[found[1]]; !exists {
				t.Errorf("%s: there is no suite %s", filepath.Base(lesson), found[1])
			}
			named[found[1]] = true
		}
	}
	for suite, is := range named {
		if !is {
			t.Errorf("no challenge names the suite %s", suite)
		}
	}
}
