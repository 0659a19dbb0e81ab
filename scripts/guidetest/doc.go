// Command guidetest plays the lessons of lab-guide: it types what they say into real terminals and fails where the
// terminals do not show what the lessons show.
//
// A lesson is a Markdown page. These fences of it are blocks, and are run in the order of the page:
//
//	console terminal=NAME              a piece of a session; each name is a terminal that stays open for the lesson
//	console terminal=NAME skip=REASON  not run, but counted
//	console terminal=NAME port=9000    9000 is a port of this computer: one that is free takes its place
//	diff file=PATH                     an edit by hand: lines that begin with a blank, - or +, found by their old side
//
// In a session, "$ command" is typed to the shell, "> text" to the program that runs there, "> <Ctrl-C>" is one key,
// and every other line is what appears. The ellipsis … stands for anything within a line, and alone on a line for any
// number of lines. All output has to be shown: what comes before the next input, and is not on the page, is an error.
//
// Before it types a command, guidetest waits for the shell's prompt; before it types text, for all that the page has
// shown so far and for a program that reads it. At the end of a block it waits for what the page has shown, and, if
// nothing more than commands will be typed in that terminal, for the end of the program too, unless the program is
// silent for some time (-quiet).
//
// The lesson works on a copy of the tree and under a Compose project of its own, which is removed in the end. The page
// calls the project socket-lab, as a learner's is called.
//
// Exit codes: 0 all lessons hold, 1 one does not, 2 wrong use or a page that breaks the rules for blocks.
package main
