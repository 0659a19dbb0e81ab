package main

import "fmt"

// The lines that the server says, each with its LF. A line is made once, however
// many people hear it; nobody may change it after that.

// notice is `* text`.
func notice(format string, args ...any) []byte {
	return append(fmt.Appendf([]byte("* "), format, args...), '\n')
}

// spoken is `[#channel] nick: text`. It is made for each line that anybody
// says, so it is put together without package fmt, and in one piece of memory.
func spoken(channel, nick, text string) []byte {
	line := make([]byte, 0, len("[] : \n")+len(channel)+len(nick)+len(text))
	line = append(line, '[')
	line = append(line, channel...)
	line = append(line, "] "...)
	line = append(line, nick...)
	line = append(line, ": "...)
	line = append(line, text...)
	return append(line, '\n')
}

// acted is `[#channel] * nick text`.
func acted(channel, nick, text string) []byte {
	return fmt.Appendf(nil, "[%s] * %s %s\n", channel, nick, text)
}

// whispered is `[nick -> you] text`.
func whispered(nick, text string) []byte {
	return fmt.Appendf(nil, "[%s -> you] %s\n", nick, text)
}

// refused is `! code text`.
func refused(why *refusal) []byte {
	return fmt.Appendf(nil, "! %s %s\n", why.code, why.text)
}
