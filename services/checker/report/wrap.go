package report

import (
	"strings"
	"unicode/utf8"
)

// wrap cuts text into lines of less than width columns, at its blanks; a word
// that is longer stands alone. Where width is 0 it is one line.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Split(text, " ") {
		if width > 0 && line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) >= width {
			lines, line = append(lines, line), word
			continue
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
