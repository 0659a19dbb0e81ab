package mutants

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"socketlab/kit/textline"
)

// A room is a chat in memory, as far as the checks ask for it. What is set
// differs from the right one.
type room struct {
	oneGuest, passesOn, silentNick, toSender, keepsCR, meIsSaid, msgForAll, byLetter, ghosts, control, noLimit, disorder,
	noTelnet, noRate, silentJoin, toAll, twice, sayAnywhere, hearsOn, countsComing, noHistory, emptyStay, anyChannel,
	toldInEach, writesInLoop, freeNames, anyPassword, tellsWhich, atOnce, repeats bool

	mu        sync.Mutex // guards all below, and the guests
	count     int
	guests    []*guest
	channels  []*talkroom
	passwords map[string]string // by the key of the name
}

type talkroom struct {
	name    string
	members []*guest
	came    int
	history []string
}

type guest struct {
	id      int
	nick    string
	account string
	in      []*talkroom
	current *talkroom
	conn    *net.TCPConn
	out     chan string
	held    []heldLine // see disorder
}

type heldLine struct {
	speaker int
	line    string
}

const chatMaxLine = 1024

func (r *room) handle(_ *Server, conn *net.TCPConn) {
	g := r.enter(conn)
	written := make(chan struct{})
	lines := g.out
	go func() {
		defer close(written)
		for line := range lines {
			io.WriteString(conn, line)
		}
	}()
	why := r.listen(g, conn)
	r.mu.Lock()
	if !r.ghosts || why != "connection closed" {
		r.leave(g, why)
	}
	close(g.out)
	g.out = nil
	r.mu.Unlock()
	<-written
}

// listen obeys line by line and returns why it has ended.
func (r *room) listen(g *guest, conn *net.TCPConn) string {
	limit := chatMaxLine
	if r.noLimit {
		limit = 1 << 30
	}
	var in lineReader = textline.NewReader(conn, conn, limit)
	if r.noTelnet || r.keepsCR {
		in = &simple{in: bufio.NewReader(conn), keepCR: r.keepsCR, limit: limit}
	}
	tokens, last := 20.0, time.Now()
	for {
		line, err := in.ReadLine()
		switch {
		case errors.Is(err, io.EOF):
			return "connection closed"
		case errors.Is(err, textline.ErrLeave):
			r.tell(g, "* goodbye")
			return "goodbye"
		case err != nil && !errors.Is(err, textline.ErrTooLong):
			return "connection lost"
		}
		tokens = min(20, tokens+10*time.Since(last).Seconds())
		last = time.Now()
		tokens--
		switch {
		case tokens < 0 && !r.noRate:
			tokens = 0
			r.tell(g, "! slow down, at most 10 lines a second, this one was not delivered")
		case err != nil:
			r.tell(g, "! toolong at most 1024 bytes in a line, this one was not delivered")
		default:
			if why, left := r.obey(g, strings.Trim(string(line), " \t")); left {
				return why
			}
		}
	}
}

// tell tells one guest.
func (r *room) tell(g *guest, line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hear(g, line)
}

// hear is tell with r.mu held.
func (r *room) hear(g *guest, line string) {
	if g.out == nil {
		return
	}
	if r.writesInLoop {
		io.WriteString(g.conn, line+"\n")
		return
	}
	select {
	case g.out <- line + "\n":
	default: // one who takes nothing hears nothing
	}
}

func (r *room) key(name string) string {
	if r.byLetter {
		return name
	}
	return strings.ToLower(name)
}

func (r *room) enter(conn *net.TCPConn) *guest {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	g := &guest{id: r.count, conn: conn, out: make(chan string, 4096)}
	g.nick = fmt.Sprintf("guest-%d", g.id)
	if r.oneGuest {
		g.nick = "guest-1"
	}
	r.guests = append(r.guests, g)
	r.hear(g, "* welcome, you are "+g.nick+"; /help lists the commands")
	r.join(g, "#lobby")
	return g
}

func (r *room) find(name string) *talkroom {
	for _, ch := range r.channels {
		if strings.EqualFold(ch.name, name) && (!r.anyChannel || ch.name == name) {
			return ch
		}
	}
	return nil
}

func (r *room) join(g *guest, name string) {
	ch := r.find(name)
	if ch == nil {
		ch = &talkroom{name: name}
		r.channels = append(r.channels, ch)
	}
	if slices.Contains(g.in, ch) {
		g.current = ch
		if r.twice {
			ch.members = append(ch.members, g)
		}
		r.hear(g, "* you talk in "+ch.name+" now")
		return
	}
	if !r.silentJoin {
		r.carry(ch, "* "+g.nick+" joined "+ch.name, nil)
	}
	ch.members = append(ch.members, g)
	ch.came++
	g.in, g.current = append(g.in, ch), ch
	r.hear(g, fmt.Sprintf("* you joined %s, %d here", ch.name, len(ch.members)))
	if len(ch.history) > 0 {
		r.showHistory(g, ch, 10)
	}
}

func (r *room) showHistory(g *guest, ch *talkroom, n int) {
	lines := ch.history[max(0, len(ch.history)-n):]
	r.hear(g, fmt.Sprintf("* history of %s, %d lines", ch.name, len(lines)))
	for _, line := range lines {
		r.hear(g, line)
	}
}

func (r *room) carry(ch *talkroom, line string, except *guest) {
	for _, member := range ch.members {
		if member != except {
			r.hear(member, line)
		}
	}
}

// say carries what g says in ch.
func (r *room) say(g *guest, ch *talkroom, line string) {
	if !r.noHistory {
		ch.history = append(ch.history, line)
	}
	except := g
	if r.toSender {
		except = nil
	}
	switch {
	case r.disorder:
		r.hold(g, ch, line)
	case r.toAll:
		for _, other := range r.guests {
			if other != except {
				r.hear(other, line)
			}
		}
	default:
		r.carry(ch, line, except)
	}
}

// hold keeps a line for each listener for a moment, and then hands out what was
// kept, the speakers in an order that is not the same for all listeners.
func (r *room) hold(g *guest, ch *talkroom, line string) {
	for _, member := range ch.members {
		if member == g {
			continue
		}
		if member.held = append(member.held, heldLine{g.id, line}); len(member.held) > 1 {
			continue
		}
		time.AfterFunc(100*time.Millisecond, func() {
			r.mu.Lock()
			defer r.mu.Unlock()
			slices.SortStableFunc(member.held, func(a, b heldLine) int {
				return (a.speaker - b.speaker) * (1 - 2*(member.id%2))
			})
			for _, kept := range member.held {
				r.hear(member, kept.line)
			}
			member.held = nil
		})
	}
}

// neighbours are those who share a channel with g, once each.
func (r *room) neighbours(g *guest) []*guest {
	var all []*guest
	for _, ch := range g.in {
		for _, member := range ch.members {
			if member != g && (r.toldInEach || !slices.Contains(all, member)) {
				all = append(all, member)
			}
		}
	}
	return all
}

func (r *room) leave(g *guest, why string) {
	for _, other := range r.neighbours(g) {
		r.hear(other, "* "+g.nick+" quit ("+why+")")
	}
	for _, ch := range g.in {
		r.takeOut(g, ch)
	}
	r.guests = slices.DeleteFunc(r.guests, func(other *guest) bool { return other == g })
}

func (r *room) takeOut(g *guest, ch *talkroom) {
	ch.members = slices.DeleteFunc(ch.members, func(member *guest) bool { return member == g })
	if len(ch.members) == 0 && ch.name != "#lobby" && !r.emptyStay {
		r.channels = slices.DeleteFunc(r.channels, func(other *talkroom) bool { return other == ch })
	}
}

func (r *room) rename(g *guest, name string) {
	if !r.silentNick {
		for _, other := range r.neighbours(g) {
			r.hear(other, "* "+g.nick+" is now "+name)
		}
	}
	g.nick = name
	r.hear(g, "* you are now "+name)
}

func (r *room) called(name string) *guest {
	for _, g := range r.guests {
		if r.key(g.nick) == r.key(name) {
			return g
		}
	}
	return nil
}

var (
	nickForm    = regexp.MustCompile(`^[\pL\pN_-]{2,20}$`)
	channelForm = regexp.MustCompile(`^#[\pL\pN_-]{1,30}$`)
	guestForm   = regexp.MustCompile(`^guest-\d+$`)
)

// chatUsages are the commands, and how many words each needs and may have.
var chatUsages = []struct {
	name, usage string
	least, most int
}{
	{"/help", "/help [COMMAND]", 0, 1},
	{"/nick", "/nick NAME", 1, 1},
	{"/register", "/register NAME PASSWORD", 2, 2},
	{"/login", "/login NAME PASSWORD", 2, 2},
	{"/passwd", "/passwd OLD NEW", 2, 2},
	{"/join", "/join #CHANNEL", 1, 1},
	{"/part", "/part [#CHANNEL]", 0, 1},
	{"/channels", "/channels", 0, 0},
	{"/who", "/who [#CHANNEL]", 0, 1},
	{"/msg", "/msg NICK TEXT", 2, 1000},
	{"/say", "/say #CHANNEL TEXT", 2, 1000},
	{"/me", "/me TEXT", 1, 1000},
	{"/history", "/history [N]", 0, 1},
	{"/ping", "/ping [TOKEN]", 0, 1000},
	{"/quit", "/quit [TEXT]", 0, 1000},
}

// obey does what a line asks for, and says whether its speaker leaves.
func (r *room) obey(g *guest, line string) (why string, left bool) {
	r.mu.Lock()
	said := line
	if !r.control && !r.keepsCR {
		said = strings.TrimSpace(textline.Printable(line))
	}
	words := strings.Fields(line)
	if !strings.HasPrefix(line, "/") {
		defer r.mu.Unlock()
		switch {
		case said == "":
		case g.current == nil:
			r.hear(g, "! absent you are in no channel")
		default:
			r.say(g, g.current, "["+g.current.name+"] "+g.nick+": "+said)
		}
		return "", false
	}
	word := strings.ToLower(words[0])
	i := slices.IndexFunc(chatUsages, func(row struct {
		name, usage string
		least, most int
	}) bool {
		return row.name == word
	})
	switch {
	case i < 0 && r.passesOn:
		r.say(g, g.current, "[#lobby] "+g.nick+": "+said)
	case i < 0 && r.repeats:
		r.hear(g, "! unknown "+line)
	case i < 0:
		r.hear(g, "! unknown "+words[0]+", try /help")
	case len(words)-1 < chatUsages[i].least, len(words)-1 > chatUsages[i].most:
		r.hear(g, "! usage "+chatUsages[i].usage)
	case word == "/quit":
		why = "goodbye"
		if len(words) > 1 {
			_, why, _ = strings.Cut(said, " ")
		}
		r.hear(g, "* goodbye")
		left = true
	case word == "/login":
		wait := r.login(g, words[1], words[2])
		r.mu.Unlock()
		time.Sleep(wait)
		r.tellWrong(g, wait, words[1])
		return "", false
	default:
		rest := make([]string, 2) // each command has at most two that matter
		copy(rest, words[1:])
		_, text, _ := strings.Cut(said, " ")
		r.do(g, word, rest[0], rest[1], text)
	}
	r.mu.Unlock()
	return why, left
}

func (r *room) do(g *guest, word, first, second, text string) {
	switch word {
	case "/help":
		for _, row := range chatUsages {
			r.hear(g, "* "+row.usage)
		}
	case "/ping":
		r.hear(g, strings.TrimSpace("* pong "+text))
	case "/nick":
		r.nick(g, first)
	case "/me":
		line := "[" + g.current.name + "] * " + g.nick + " " + text
		if r.meIsSaid {
			line = "[" + g.current.name + "] " + g.nick + ": " + text
		}
		r.say(g, g.current, line)
	case "/msg":
		r.msg(g, first, strings.TrimPrefix(text, first+" "))
	case "/register":
		r.register(g, first, second)
	case "/passwd":
		r.passwd(g, first, second)
	default:
		r.doChannel(g, word, first, text)
	}
}

func (r *room) nick(g *guest, name string) {
	owner := r.called(name)
	_, registered := r.passwords[r.key(name)]
	switch {
	case guestForm.MatchString(name):
		r.hear(g, "! taken guest- and a number is for the server to give")
	case !nickForm.MatchString(name) && !r.keepsCR:
		r.hear(g, "! nick a name has 2 to 20 letters, digits, _ or -")
	case registered && g.account != r.key(name) && !r.freeNames:
		r.hear(g, "! registered it belongs to somebody")
	case owner != nil && owner != g:
		r.hear(g, "! taken it is here already")
	default:
		r.rename(g, name)
	}
}

func (r *room) msg(g *guest, to, text string) {
	other := r.called(to)
	line := "[" + g.nick + " -> you] " + text
	switch {
	case other == nil:
		r.hear(g, "! nobody there is nobody of that name")
	case r.msgForAll:
		for _, all := range r.guests {
			if all != g {
				r.hear(all, line)
			}
		}
	default:
		r.hear(other, line)
	}
}

func (r *room) doChannel(g *guest, word, first, text string) {
	ch := g.current
	if strings.HasPrefix(first, "#") {
		ch = r.find(first)
	}
	switch word {
	case "/join":
		if !channelForm.MatchString(first) && !r.anyChannel {
			r.hear(g, "! channel a channel is # and 1 to 30 letters, digits, _ or -")
			return
		}
		r.join(g, first)
	case "/say":
		if !slices.Contains(g.in, ch) && !(r.sayAnywhere && ch != nil) {
			r.hear(g, "! absent you are not in that channel")
			return
		}
		r.say(g, ch, "["+ch.name+"] "+g.nick+": "+strings.TrimPrefix(text, first+" "))
	case "/part":
		r.part(g, ch)
	case "/who":
		r.who(g, ch)
	case "/channels":
		for _, other := range r.channels {
			r.hear(g, fmt.Sprintf("* %s %d", other.name, len(other.members)))
		}
		r.hear(g, fmt.Sprintf("* %d channels", len(r.channels)))
	case "/history":
		n := 20
		if first != "" {
			fmt.Sscan(first, &n)
		}
		r.showHistory(g, ch, n)
	}
}

func (r *room) part(g *guest, ch *talkroom) {
	if !slices.Contains(g.in, ch) {
		r.hear(g, "! absent you are not in that channel")
		return
	}
	g.in = slices.DeleteFunc(g.in, func(other *talkroom) bool { return other == ch })
	if !r.hearsOn {
		r.takeOut(g, ch)
	}
	r.carry(ch, "* "+g.nick+" left "+ch.name, g)
	r.hear(g, "* you left "+ch.name)
	if g.current != ch {
		return
	}
	if g.current = nil; len(g.in) == 0 {
		r.hear(g, "* you are in no channel now")
		return
	}
	g.current = g.in[len(g.in)-1]
	r.hear(g, "* you talk in "+g.current.name+" now")
}

func (r *room) who(g *guest, ch *talkroom) {
	line := "* " + ch.name
	for _, member := range ch.members {
		line += " " + member.nick
	}
	r.hear(g, line)
	n := len(ch.members)
	if r.countsComing {
		n = r.count
	}
	r.hear(g, fmt.Sprintf("* %d in %s", n, ch.name))
}

func (r *room) register(g *guest, name, password string) {
	_, registered := r.passwords[r.key(name)]
	switch {
	case registered:
		r.hear(g, "! registered it belongs to somebody")
	case (len(password) < 8 || len(password) > 72) && !r.anyPassword:
		r.hear(g, "! password it has 8 to 72 characters")
	default:
		if r.passwords == nil {
			r.passwords = make(map[string]string)
		}
		r.passwords[r.key(name)] = password
		g.account = r.key(name)
		r.hear(g, "* registered "+name)
		r.rename(g, name)
	}
}

func (r *room) passwd(g *guest, old, new string) {
	if g.account == "" || r.passwords[g.account] != old {
		r.hear(g, "! login first")
		return
	}
	r.passwords[g.account] = new
	r.hear(g, "* password changed")
}

// login logs in, or returns how late the answer is that something is wrong.
func (r *room) login(g *guest, name, password string) (wait time.Duration) {
	if known, is := r.passwords[r.key(name)]; !is || known != password {
		if r.atOnce {
			return time.Nanosecond
		}
		return time.Second
	}
	g.account = r.key(name)
	r.hear(g, "* logged in as "+name)
	if other := r.called(name); other != nil && other != g {
		r.hear(other, "* "+name+" belongs to somebody who has logged in")
		other.account = ""
		r.rename(other, fmt.Sprintf("guest-%d", other.id))
	}
	r.rename(g, name)
	return 0
}

func (r *room) tellWrong(g *guest, wait time.Duration, name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, known := r.passwords[r.key(name)]
	switch {
	case wait == 0:
	case r.tellsWhich && !known:
		r.hear(g, "! login there is nobody of that name")
	default:
		r.hear(g, "! login wrong name or password")
	}
}
