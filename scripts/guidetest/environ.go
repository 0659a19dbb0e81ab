package main

import "strings"

// meddlers are variables of a build machine or of a person's own set-up which make tools talk differently from what
// a learner sees.
func meddlers() []string {
	return []string{
		"CI", "CONTINUOUS_INTEGRATION", "BUILD_NUMBER", "GITHUB_ACTIONS", "GITLAB_CI", "BUILDKIT_PROGRESS",
		"BUILDKIT_COLORS", "COMPOSE_PROGRESS", "COMPOSE_ANSI", "COMPOSE_MENU", "COMPOSE_PROFILES", "COMPOSE_FILE",
		"COMPOSE_PROJECT_NAME", "TERM", "COLUMNS", "LINES", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES",
		"NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "GREP_COLORS", "LS_COLORS", "PS0", "PS1", "PS2", "PS4",
		"PROMPT_COMMAND", "BASH_ENV", "ENV", "INPUTRC", "HISTFILE", "HISTCONTROL", "IGNOREEOF", "TMOUT", "OLDPWD", "PWD",
	}
}

// environment is the caller's without the meddlers, with what the terminals need. The caller's ports and image names
// stay as they are.
func environment(caller []string, project string) []string {
	drop := make(map[string]bool)
	for _, name := range meddlers() {
		drop[name] = true
	}
	var env []string
	for _, pair := range caller {
		if name, _, _ := strings.Cut(pair, "="); !drop[name] {
			env = append(env, pair)
		}
	}
	return append(env, "COMPOSE_PROJECT_NAME="+project, "TERM=xterm", "LANG=C.UTF-8", "NO_COLOR=1", "INPUTRC=/dev/null")
}
