// Command interactive-client connects a keyboard and a screen to a TCP server:
// what is typed is sent line by line, what the server sends is shown at once.
//
// The files, in reading order:
//
//	main.go      the parts, put together
//	config.go    flags and arguments, -help
//	talk.go      the terminal is taken, and given back however it ends
//	session.go   bytes both ways, and the ways to end
//	input.go     what is sent, from a pipe
//	editor.go    what is sent, from a line that is edited while others come in
//	keyboard.go  keys: Ctrl-C must not wait for its turn
//	resize_*.go  a window of another size
//	lines.go     lines out of the stream, finished or not
//	quit.go      the word on which we leave, and when one can be sure of it
//	view.go      what is shown of the stream: its text
//	hexview.go   or all of its bytes
//	plain.go     and where, if not in the editor
//	console.go   which of the three files are terminals
//	colour.go    colours, where they are wanted
//	exit.go      exit codes, signals
package main
