package main

import (
	"context"
	"net"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
	"socketlab/kit/textline"
)

// FuzzParse: whatever the line, its command is one of the table, with as many
// arguments as that may have, or it is refused.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"create k v", "  READ \t k ", "update k @1 x", "delete k @99999999999999999999", "list", "", "\t", "help \x1b", "create k  \x00"} {
		f.Add(seed)
	}
	commands := commandTable()
	f.Fuzz(func(t *testing.T, line string) {
		c, args, err := parse(commands, line)
		if err != nil {
			if _, ok := err.(*refusal); !ok {
				t.Errorf("%v is no refusal", err)
			}
			return
		}
		if len(args) < c.least || len(args) > c.most {
			t.Errorf("%d arguments for %s: %q", len(args), c.usage, args)
		}
		for i, arg := range args {
			if arg == "" || !strings.Contains(line, arg) {
				t.Errorf("the argument %q is not in the line", arg)
			}
			if strings.ContainsAny(arg, blanks) && !(c.text && i == c.most-1) {
				t.Errorf("the word %q has blanks", arg)
			}
		}
		if c.key && (len(args[0]) > maxKey || textline.Printable(args[0]) != args[0]) {
			t.Errorf("the key %q was let in", args[0])
		}
	})
}

// grammar is every line that the server can say. Values and keys of others are
// in it, so no line may hold a control character.
var grammar = regexp.MustCompile(`^(?:` + strings.Join([]string{
	`OK created \S{1,128} v1`, `OK updated \S{1,128} v[0-9]+`, `OK deleted \S{1,128}`,
	`OK \S{1,128} v[0-9]+ .+`, `\S{1,128} v[0-9]+ .+`, `OK [0-9]+ records`, `OK`, `BYE`,
	`\{"key":".+","version":[0-9]+,"value":".+"\}`, `[a-z]+ .*[a-z A-Z]+`,
	`ERR (?:exists|missing) \S{1,128}`, `ERR conflict \S{1,128} is at v[0-9]+`,
	`ERR (?:usage|toolong|badkey|badvalue) .+`, `ERR unknown \S*, try help`,
}, "|") + `)$`)

// FuzzSession says anything at all to a server: nothing it answers is outside
// the grammar, and it always answers the next one.
func FuzzSession(f *testing.F) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		f.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	server := &netserver.Server{Handler: handlerFor(open(f))}
	go func() { ended <- server.Serve(ctx, ln) }()
	f.Cleanup(func() {
		stop()
		<-ended
	})
	f.Add([]byte("create a b\nread a\nlist\nexport\nupdate a @1 c\ndelete a\nquit\n"))
	f.Add([]byte("create \x1b[2J x\ncreate x \x1b[2J\n\xff\xf4\xff\xfd\x06"))
	f.Add([]byte("create0\x1bX a control string without an end"))
	f.Add([]byte("help\r\nhelp list\r\x00COUNT a\n\x04"))
	f.Add([]byte("create \xe2\x80\xae a\xe2\x80\xa8\nread " + strings.Repeat("k", 200) + "\nupdate"))
	f.Fuzz(func(t *testing.T, said []byte) {
		answers := withoutTelnet(nettest.Dial(t, ln.Addr().String()).Stream(said))
		for text := range strings.Lines(answers) {
			shown, whole := strings.CutSuffix(text, "\n")
			if !whole || !utf8.ValidString(shown) || !grammar.MatchString(shown) || textline.Printable(shown) != strings.ReplaceAll(shown, "\t", " ") {
				t.Errorf("it was sent %q and answered %q", said, text)
			}
		}
	})
}

// withoutTelnet takes out IAC WONT and IAC DONT, which are no text.
func withoutTelnet(answers []byte) string {
	var text []byte
	for len(answers) > 0 {
		if answers[0] == 0xff && len(answers) >= 3 {
			answers = answers[3:]
			continue
		}
		text, answers = append(text, answers[0]), answers[1:]
	}
	return string(text)
}
