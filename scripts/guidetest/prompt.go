package main

import (
	"os"
	"path/filepath"
)

// promptText makes the shell put invisible marks around its prompt and before the output of each command, so that
// nobody has to guess from the text whether it is ready. The variables are not exported: a shell inside the shell is
// a program like any other. The history stays in memory, for the Up key, and is never written.
const promptText = `PS0='\e]133;C\a'
PS1='\[\e]133;A\a\]$ \[\e]133;B\a\]'
PS2='\[\e]133;P\a\]> '
unset HISTFILE PROMPT_COMMAND
`

func writePromptFile(dir string) (string, error) {
	path := filepath.Join(dir, "prompt.bash")
	return path, os.WriteFile(path, []byte(promptText), 0o600)
}
