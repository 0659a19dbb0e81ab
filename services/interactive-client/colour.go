package main

// palette holds the colours of one output, or empty strings where it has none.
type palette struct{ server, you, note, reset string }

// colours are those of ECMA-48, "select graphic rendition": every terminal has
// them, in shades that go with its background.
func colours(on bool) palette {
	if !on {
		return palette{}
	}
	return palette{server: "\x1b[36m", you: "\x1b[32m", note: "\x1b[33m", reset: "\x1b[0m"}
}

// paint returns text in one of the palette's colours.
func (p palette) paint(colour, text string) string {
	if text == "" {
		return ""
	}
	return colour + text + p.reset
}
