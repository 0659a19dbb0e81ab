package main

import (
	"fmt"
	"strings"
	"testing"

	"socketlab/kit/netserver"
	"socketlab/kit/nettest"
)

// CHAT-21
func TestTakingAnotherName(t *testing.T) {
	addr := start(t).Addr
	room := people(t, addr, "alice", "bob", "carol")
	alice, bob, carol := room[0], room[1], room[2]
	for _, c := range room[:2] {
		c.Send("/join #go\n")
	}
	carol.Send("/join #else\n/part #lobby\n")
	carol.SkipTo("* you left #lobby\n")
	settle(room...)
	alice.Send("/nick Ann\nhello\n")
	alice.Expect("* you are now Ann\n")
	bob.Expect("* alice is now Ann\n[#go] Ann: hello\n")
	bob.Send("/msg alice hi\n/msg ann hi\n")
	bob.Expect("! nobody there is nobody of that name here\n")
	alice.Expect("[bob -> you] hi\n")
	alice.Send("/nick ANN\n/nick ANN\n") // the same name, written otherwise, then not even that
	alice.Expect("* you are now ANN\n* you are now ANN\n")
	bob.Expect("* Ann is now ANN\n")
	silent(t, room...)
}

// CHAT-22
func TestNames(t *testing.T) {
	const wrong = "! nick a name has 2 to 20 letters, digits, _ or -\n"
	alice := people(t, start(t).Addr, "alice")[0]
	for asked, heard := range map[string]string{
		"a":                      wrong,
		strings.Repeat("x", 21):  wrong,
		"al.ice":                 wrong,
		"al:ice":                 wrong,
		"*alice":                 wrong,
		"#alice":                 wrong,
		"al\u200dice":            wrong,
		"\u0301ab":               wrong,
		"al\xffice":              wrong,
		"ﬁne":                    wrong, // a ligature has another name: f i
		"Алиса":                  "* you are now Алиса\n",
		"爱丽丝":                    "* you are now 爱丽丝\n",
		"a_-9":                   "* you are now a_-9\n",
		"Ann":                    "* you are now Ann\n",
		strings.Repeat("é", 20):  "* you are now " + strings.Repeat("é", 20) + "\n",
		"e\u0301e\u0301":         "* you are now éé\n",
		"ａｌｉｃｅ":                  "* you are now alice\n",
		"שרה":                    "* you are now שרה\n",
		"हिन्दी":                 "* you are now हिन्दी\n",
		"with\u200fdirection":    wrong,
		"\u202ereversed\u202c":   wrong,
		strings.Repeat("ж", 21):  wrong,
		strings.Repeat("ab", 11): wrong,
	} {
		alice.Send("/nick " + asked + "\n")
		alice.Expect(heard)
	}
}

// CHAT-22 CHAT-23
func TestANameThatSomebodyHas(t *testing.T) {
	addr := start(t).Addr
	room := people(t, addr, "Alice", "bob")
	bob := room[1]
	for _, same := range []string{"Alice", "alice", "ALICE", "ａｌｉｃｅ"} {
		bob.Send("/nick " + same + "\n")
		bob.Expect("! taken Alice is here already; choose another name\n")
	}
	const guests = "! taken guest- and a number is for the server to give; choose another name\n"
	bob.Send("/nick guest-1\n/nick GUEST-99\n/register guest-7 secret-7\n")
	bob.Expect(guests + guests + guests)
	bob.Send("/register alice not-yours\n") // nor make an account of it
	bob.Expect("! taken Alice is here already; choose another name\n")
	room[0].Send("/quit\n")
	bob.Expect("* Alice quit (goodbye)\n")
	bob.Send("/nick alice\n")
	bob.Expect("* you are now alice\n")
}

// CHAT-24
func TestARegisteredNameIsItsOwners(t *testing.T) {
	addr := start(t).Addr
	room := people(t, addr, "ann", "bob")
	ann, bob := room[0], room[1]
	ann.Send("/register Alice wonderland\n")
	ann.Expect("* registered Alice\n* you are now Alice\n")
	bob.Expect("* ann is now Alice\n")
	ann.Send("/nick ann\n/nick ALICE\n") // she may leave it, and come back
	ann.Expect("* you are now ann\n* you are now ALICE\n")
	bob.SkipTo("* ann is now ALICE\n")
	ann.Send("/quit\n")
	bob.Expect("* ALICE quit (goodbye)\n")

	const hers = "! registered alice belongs to somebody; if that is you: /login alice PASSWORD\n"
	bob.Send("/nick alice\n/register alice wonderland\n")
	bob.Expect(hers + hers)
	again := nettest.Dial(t, addr)
	again.SkipTo("* you joined #lobby, 2 here\n")
	again.Send("/login ALICE wonderland\n")
	again.Expect("* logged in as Alice\n* you are now Alice\n")
	bob.Expect("* guest-3 joined #lobby\n* guest-3 is now Alice\n")
	silent(t, bob, again)
}

// CHAT-24
func TestTheOwnerTakesTheNameBack(t *testing.T) {
	addr := start(t).Addr
	room := people(t, addr, "alice", "bob")
	alice, bob := room[0], room[1]
	alice.Send("/register alice wonderland\n")
	alice.Expect("* registered alice\n* you are now alice\n")
	// Her computer sleeps; she comes from another one.
	phone := nettest.Dial(t, addr)
	phone.SkipTo("* you joined #lobby, 3 here\n")
	phone.Send("/login alice wonderland\nit is me\n")
	alice.Expect("* guest-3 joined #lobby\n* alice belongs to somebody who has logged in\n* you are now guest-1\n")
	phone.Expect("* logged in as alice\n* alice is now guest-1\n* you are now alice\n")
	bob.Expect("* guest-3 joined #lobby\n* alice is now guest-1\n* guest-3 is now alice\n[#lobby] alice: it is me\n")
	alice.Expect("* guest-3 is now alice\n[#lobby] alice: it is me\n")
	alice.Send("/nick alice\n/passwd wonderland something-new\n") // she is a guest there now
	alice.Expect("! registered alice belongs to somebody; if that is you: /login alice PASSWORD\n" +
		"! login first, as in /login NAME PASSWORD\n")
	silent(t, alice, bob, phone)
}

// CHAT-25
func TestWrongPasswordAndUnknownNameLookAlike(t *testing.T) {
	addr := start(t).Addr
	room := people(t, addr, "alice", "bob")
	alice, bob := room[0], room[1]
	alice.Send("/register alice wonderland\n")
	alice.SkipTo("* registered alice\n* you are now alice\n")
	const wrong = "! login wrong name or password\n"
	bob.Send("/login alice looking-glass\n/login nobody looking-glass\n/login alice " + strings.Repeat("x", 500) + "\n")
	bob.Expect(wrong + wrong + wrong)
	bob.Send("/login alice 1\n/login alice 2\nhello?\n")
	bob.Expect(wrong + "! tries too many wrong passwords, goodbye\n")
	bob.ExpectEnd()
	alice.Expect("* bob quit (too many wrong passwords)\n")

	// Three of the five tries of this account are used up (the long password
	// cannot be anybody's). Two are left, whoever has them.
	carol := nettest.Dial(t, addr)
	carol.SkipTo("* you joined #lobby, 2 here\n")
	carol.Send("/login alice 3\n/login ALICE 4\n/login ALICE wonderland\n")
	carol.Expect(wrong + wrong + "! tries wait ")
	carol.SkipTo(" s before you try ALICE again\n")
	silent(t, carol)
}

// CHAT-25
func TestAWrongPasswordIsAnsweredLate(t *testing.T) {
	// How late can't be told without a clock; that it is not at once can: alice
	// hears of other things first.
	addr := start(t, func(s *chat, _ *netserver.Server) { s.penalty = nettest.Limit * 100 }).Addr
	room := people(t, addr, "alice", "bob")
	alice, bob := room[0], room[1]
	alice.Send("/login alice looking-glass\n")
	for i := range 100 {
		bob.Send(fmt.Sprintf("%d\n", i))
		alice.Expect(fmt.Sprintf("[#lobby] bob: %d\n", i))
	}
}

// CHAT-26
func TestPasswords(t *testing.T) {
	addr := start(t).Addr
	alice := people(t, addr, "alice")[0]
	alice.Send("/register alice short\n/register alice " + strings.Repeat("x", 73) + "\n")
	alice.Expect("! password it needs 8 characters or more\n! password it has 73 bytes, and 72 are the most\n")
	alice.Send("/register alice wonder\x07land\n")
	alice.Expect("! password this password has characters that cannot be used\n")
	alice.Send("/register alice " + strings.Repeat("ж", 36) + "\n") // 72 bytes
	alice.Expect("* registered alice\n* you are now alice\n")
	alice.Send("/passwd " + strings.Repeat("ж", 36) + " looking-glass\n/passwd wrong-one another-one\n")
	alice.Expect("* password changed\n! login wrong name or password\n")
	alice.Send("/passwd looking-glass wonderlandé\n/login alice wonderlande\u0301\n/passwd wonderlandé looking-glass\n/quit\n")
	alice.Expect("* password changed\n* logged in as alice\n* you are now alice\n* password changed\n* goodbye\n")
	alice.ExpectEnd() // she is out of the room before
	again := nettest.Dial(t, addr)
	again.SkipTo("* you joined #lobby, 1 here\n")
	again.Send("/login alice " + strings.Repeat("ж", 36) + "\n/login alice looking-glass\n")
	again.Expect("! login wrong name or password\n* logged in as alice\n* you are now alice\n")
}

// CHAT-27
func TestPasswordsAreToldToNobody(t *testing.T) {
	log := nettest.NewLogbook()
	addr := start(t, func(_ *chat, server *netserver.Server) { server.Log = nettest.Logger(log) }).Addr
	room := people(t, addr, "alice", "bob")
	alice, bob := room[0], room[1]
	const secret = "wonderland"
	alice.Send("  /register alice " + secret + "\n/login alice x" + secret + "\n/logn alice " + secret + "\n" +
		"/login alice " + secret + " too many words\n/passwd " + secret + " new-" + secret + "\n/REGISTER a " + secret + "\n/ping end\n")
	alice.Expect("* registered alice\n* you are now alice\n! login wrong name or password\n! unknown /logn, try /help\n" +
		"! usage /login NAME PASSWORD\n* password changed\n! nick a name has 2 to 20 letters, digits, _ or -\n* pong end\n")
	silent(t, bob)
	log.Wait(t, "Received", 1)
	if strings.Contains(log.String(), secret) {
		t.Errorf("the password is in the log:\n%s", log)
	}
}
