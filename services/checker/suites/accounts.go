package suites

import (
	"strings"
	"time"

	"socketlab/checker/check"
)

// An account cannot be given back: each run of this suite leaves some behind.

// hashing is the Patience with a server that hashes passwords, which is made to be
// hard work, and writes to a disk. On a busy machine that takes seconds.
const hashing = 4

// Accounts checks the accounts of a chat.
func Accounts() *check.Suite {
	return &check.Suite{
		Name: "accounts", About: "names that belong to somebody, and passwords", Page: "chat.md", Service: "chat-server", Port: "8126",
		Checks: []check.Check{
			{
				Clause:   "CHAT-24",
				Title:    "/register makes a name one's own, and /login gives it back",
				Do:       accountsRegister,
				Patience: hashing,
				Cause:    "a registered name is not kept from others, or is looked for only among those who are there",
				Hints: [3]string{
					"Alice has registered, and left. May bob call himself alice?",
					"No: \"! registered …\". Only who knows the password gets the name, by /login.",
					"/nick must look in the accounts as well as among those who are there. Take the name in /register and /login as by /nick.",
				},
				ReadOn: "lesson 7, step 3",
			},
			{
				Clause:   "CHAT-26",
				Title:    "a password has a form, and can be changed by its owner",
				Do:       accountsPasswords,
				Patience: hashing,
				Cause:    "any password is taken, or /passwd does not ask for the old one",
				Hints: [3]string{
					"What does your server say to the password \"x\"?",
					"\"! password …\": at least 8 characters, at most 72 bytes. To change it one must be logged in and know the old one.",
					"Check the form before you hash. /passwd: compare OLD with the hash, then store the hash of NEW.",
				},
				ReadOn: "lesson 7, step 3",
			},
			{
				Clause:   "CHAT-25",
				Title:    "a wrong password and an unknown name are one answer, and it comes late",
				Do:       accountsWrong,
				Patience: hashing,
				Cause:    "the answer tells whether the name exists, or comes at once, so that guessing is quick",
				Hints: [3]string{
					"What does a guesser learn from your answer, and from how quickly it comes?",
					"The same words and the same time for both, and a second's wait that costs nobody else anything.",
					"Compare with the hash of some other password when the name is unknown. Wait before you answer, for this client alone.",
				},
				ReadOn: "lesson 7, step 7",
			},
			{
				Clause:   "CHAT-27",
				Title:    "a password is never told to anybody",
				Do:       accountsSecret,
				Patience: hashing,
				Cause:    "a command that is not understood, or that failed, is repeated or passed on with all its words",
				Hints: [3]string{
					"Who sees your password when you mistype /login?",
					"Nobody must: neither the room nor an error message repeats what stands behind a command.",
					"Say only the command's name in errors. A line with / is never passed on, known or not.",
				},
				ReadOn: "lesson 7, step 8",
			},
		},
	}
}

// registers makes an account of a name that nobody has registered, nor a run with
// the same seed before, and returns it.
func (p *person) registers(password string) string {
	for {
		name := p.Name + "-" + p.t.Word()
		p.Send("/register " + name + " " + password + "\n")
		for {
			line := p.Line("\"* registered " + name + "\"")
			if line == "* registered "+name {
				p.Until("* you are now " + name)
				return name
			}
			if strings.HasPrefix(line, "! registered ") {
				break
			}
			if strings.HasPrefix(line, "! ") {
				p.t.Fail("%s said \"/register %s …\", and heard %q", p.Name, name, line)
			}
		}
	}
}

// logsIn says the password and hears that it was right.
func (p *person) logsIn(name, password string) {
	p.Send("/login " + name + " " + password + "\n")
	p.Until("* logged in as " + name)
	p.Until("* you are now " + name)
}

func accountsRegister(t *check.Try) {
	password := "secret-" + t.Word()
	bob, alice := comes(t, "bob"), comes(t, "alice")
	name := alice.registers(password)
	alice.Send("/quit\n")
	alice.Until("* goodbye")
	alice.ExpectEnd()
	bob.Until("* " + name + " quit (goodbye)")
	bob.Send("/nick " + strings.ToUpper(name) + "\n")
	bob.refused("registered")
	carol := comes(t, "carol")
	carol.logsIn(name, password)
	bob.Until("* " + carol.nick + " is now " + name)
}

func accountsPasswords(t *check.Try) {
	alice := comes(t, "alice")
	for _, password := range []string{"short", strings.Repeat("x", 73)} {
		alice.Send("/register alice-" + t.Word() + " " + password + "\n")
		alice.refused("password")
	}
	old, new := "first-"+t.Word(), "second-"+t.Word()
	name := alice.registers(old)
	alice.Send("/passwd " + old + " " + new + "\n")
	alice.Until("* password changed")
	bob := comes(t, "bob")
	bob.Send("/passwd " + new + " " + old + "\n") // he is not logged in
	bob.refused("login")
	bob.logsIn(name, new)
}

// late is what "a second late" is at least, on whatever clock.
const late = 900 * time.Millisecond

func accountsWrong(t *check.Try) {
	password := "secret-" + t.Word()
	alice := comes(t, "alice")
	name := alice.registers(password)
	bob := comes(t, "bob")
	for _, wrong := range []string{name + " wrong-" + password, "nobody-" + t.Word() + " " + password} {
		began := time.Now()
		bob.Send("/login " + wrong + "\n")
		bob.Until("! login wrong name or password")
		if took := time.Since(began); took < late {
			t.Fail("bob said \"/login %s\", and the answer came after %v; it should come a second late", wrong, took.Round(time.Millisecond))
		}
	}
	bob.logsIn(name, password)
	alice.Until("* " + name + " belongs to somebody who has logged in")
	alice.UntilBegin("* you are now ", "* you are now guest-")
}

func accountsSecret(t *check.Try) {
	password := "secret-" + t.Word()
	bob, alice := comes(t, "bob"), comes(t, "alice")
	name := alice.registers(password)
	alice.Send("/logn " + name + " " + password + "\n/register " + password + "\n/login " + name + " " + password + " x\n")
	alice.MustNotHave(alice.settles(), password)
	bob.MustNotHave(bob.settles(), password)
}
