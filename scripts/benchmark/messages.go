package main

import (
	"math/rand/v2"
	"unicode/utf8"
)

// variety is how many messages a client has before it says the first again.
// An old answer is a wrong one that way, and would be noticed.
const variety = 64

// pieces are messages cut out of one printable text, one byte on each: many
// large messages then take little memory.
func pieces(size int) [][]byte {
	text := printable(size + variety)
	var messages [][]byte
	for from := range variety {
		messages = append(messages, text[from:from+size])
	}
	return messages
}

// printable is random text without line ends: a server that logs it has to
// escape nothing, and each message is one line of its log.
func printable(size int) []byte {
	text := make([]byte, size)
	for i := range text {
		text[i] = byte(' ' + 1 + rand.IntN('~'-' '))
	}
	return text
}

const ascii = "abcdefghijklmnopqrstuvwxyz"

// asciiLines are lines of size bytes, the LF at their end included.
func asciiLines(size int) [][]byte { return randomLines(size, []rune(ascii)) }

// accentedLines have letters of two bytes too, one in five, as in "grüße" and
// "straße".
func accentedLines(size int) [][]byte { return randomLines(size, []rune(ascii+"äöüßéñ")) }

func randomLines(size int, letters []rune) [][]byte {
	var lines [][]byte
	for range variety {
		var line []byte
		for len(line) < size-1 {
			letter := letters[rand.IntN(len(letters))]
			if len(line)+utf8.RuneLen(letter) > size-1 {
				letter = 'x' // there is room for one more byte
			}
			line = utf8.AppendRune(line, letter)
		}
		lines = append(lines, append(line, '\n'))
	}
	return lines
}
