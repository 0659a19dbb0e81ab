package main

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/secure/precis"
)

// A name is that of a person or of a channel.
type name struct {
	shown string // as whoever chose it wrote it
	key   string // what it is compared by: two names with one key are one name
}

// How long names may be, in characters. A channel's # is not counted.
const (
	minNick, maxNick       = 2, 20
	minChannel, maxChannel = 1, 30
)

// lobby is where everybody begins, and the one channel that never goes away.
var lobby = name{shown: "#lobby", key: "#lobby"}

// parseNick reads the name of a person.
func parseNick(text string) (name, error) {
	parsed, ok := parseName(text, minNick, maxNick)
	if !ok {
		return name{}, refuse("nick", "a name has %d to %d letters, digits, _ or -", minNick, maxNick)
	}
	return parsed, nil
}

// parseChannel reads the name of a channel.
func parseChannel(text string) (name, error) {
	word, found := strings.CutPrefix(text, "#")
	parsed, ok := parseName(word, minChannel, maxChannel)
	if !found || !ok {
		return name{}, refuse("channel", "a channel is # and %d to %d letters, digits, _ or -, as in #lobby", minChannel, maxChannel)
	}
	return name{"#" + parsed.shown, "#" + parsed.key}, nil
}

// parseName leaves the question of which names are one to PRECIS (RFC 8264),
// the successor of what every protocol used to invent for itself. Its profile
// UsernameCaseMapped (RFC 8265, section 3.3) makes one key of names that differ
// in case, in width, or in how an accent is put together.
func parseName(text string, least, most int) (name, bool) {
	shown, err := precis.UsernameCasePreserved.String(text)
	if err != nil {
		return name{}, false
	}
	// Counted as it is shown: an A and an accent may have become one Á.
	if n := utf8.RuneCountInString(shown); n < least || n > most || !hasNameCharacters(shown) {
		return name{}, false
	}
	key, err := precis.UsernameCaseMapped.CompareKey(shown)
	return name{shown, key}, err == nil
}

// hasNameCharacters is stricter than PRECIS, which allows a dot or a quote as
// well. A mark, such as a vowel of Hindi, needs a letter in front of it.
func hasNameCharacters(text string) bool {
	for i, c := range text {
		switch {
		case unicode.IsLetter(c), unicode.IsDigit(c), c == '_', c == '-':
		case unicode.IsMark(c) && i > 0:
		default:
			return false
		}
	}
	return true
}

// keyOf is what a name that somebody asks for is looked up by. It is "", which
// nobody has, where it cannot be a name.
func keyOf(text string) string {
	key, err := precis.UsernameCaseMapped.CompareKey(text)
	if err != nil {
		return ""
	}
	return key
}

// guestKey matches the names that the server gives, and nobody can take.
var guestKey = regexp.MustCompile(`^guest-[0-9]+$`)
