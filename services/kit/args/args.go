// Package args reads the command lines of programs that people type: flags and
// words, in the order in which they come to mind.
package args

import "flag"

// Parse parses arguments as flags.Parse does, but also takes flags that come
// after words, where package flag stops: `chat-server 8126 -hex` is what people
// type. It returns the words. The error is that of flags.Parse, flag.ErrHelp
// among them.
func Parse(flags *flag.FlagSet, arguments []string) (words []string, err error) {
	for {
		if err := flags.Parse(arguments); err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			return words, nil
		}
		words = append(words, flags.Arg(0))
		arguments = flags.Args()[1:]
	}
}
