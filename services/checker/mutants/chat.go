package mutants

// Chat lists the faults of a chat that show in one room.
func Chat() []Fault {
	return []Fault{
		{Name: "all-are-guest-1", Trips: "who comes is welcomed, under a guest's name, into the lobby", Handle: (&room{oneGuest: true}).handle},
		{Name: "passes-commands-on", Trips: "a line with / is a command: /ping, /help, and those that are unknown or lack something", Handle: (&room{passesOn: true}).handle},
		{Name: "new-names-are-not-told", Trips: "/nick takes another name, and the others are told", Handle: (&room{silentNick: true}).handle},
		{Name: "back-to-the-sender", Trips: "what one says all others hear, and the one who says it does not", Handle: (&room{toSender: true}).handle},
		{Name: "keeps-CR", Trips: "a line is a line however it comes, and the \\r of telnet is no part of it", Handle: (&room{keepsCR: true}).handle},
		{Name: "me-is-said", Trips: "/me says what one does", Handle: (&room{meIsSaid: true}).handle},
		{Name: "msg-is-for-all", Trips: "/msg is heard by one person alone", Handle: (&room{msgForAll: true}).handle},
		{Name: "names-are-compared-by-letter", Trips: "a name that somebody has is refused, in any case of letters, and so is one that cannot be", Handle: (&room{byLetter: true}).handle},
		{Name: "a-FIN-leaves-a-ghost", Trips: "who leaves is missed: by /quit, by a FIN, or by a RST", Handle: (&room{ghosts: true}).handle},
		{Name: "passes-escape-sequences-on", Trips: "what one says can do nothing to the screens of others", Handle: (&room{control: true}).handle},
		{Name: "no-limit", Trips: "a line that is too long is refused, and the next one is delivered", Handle: (&room{noLimit: true}).handle},
		{Name: "each-in-another-order", Trips: "all hear the same lines in the same order", Races: true, Handle: (&room{disorder: true}).handle},
		{Name: "knows-no-telnet", Trips: "telnet's commands are no part of a line; Ctrl-C and Ctrl-D are a goodbye", Handle: (&room{noTelnet: true}).handle},
		{Name: "no-rate", Trips: "one who says too much at once is told to slow down", Handle: (&room{noRate: true}).handle},
	}
}

// Channels lists the faults of a chat that show in several rooms.
func Channels() []Fault {
	return []Fault{
		{Name: "joins-in-silence", Trips: "/join makes a channel, and those who are there are told", Handle: (&room{silentJoin: true}).handle},
		{Name: "all-hear-every-channel", Trips: "what one says is heard in the current channel, and in no other", Handle: (&room{toAll: true}).handle},
		{Name: "twice-in-a-channel", Trips: "to join where one is already only goes there", Handle: (&room{twice: true}).handle},
		{Name: "say-anywhere", Trips: "/say speaks in another channel of one's own, and in no foreign one", Handle: (&room{sayAnywhere: true}).handle},
		{Name: "hears-on-after-part", Trips: "/part leaves one channel and goes back to the one before", Handle: (&room{hearsOn: true}).handle},
		{Name: "counts-who-has-come", Trips: "/who and /channels list who is where", Handle: (&room{countsComing: true}).handle},
		{Name: "no-history", Trips: "who comes late hears what was said before", Handle: (&room{noHistory: true}).handle},
		{Name: "empty-channels-stay", Trips: "a channel that everybody has left is gone, and its history too", Handle: (&room{emptyStay: true}).handle},
		{Name: "any-channel-name", Trips: "names of channels have a form, and do not differ in case alone", Handle: (&room{anyChannel: true}).handle},
		{Name: "told-in-each-channel", Trips: "who shares two channels with one who leaves hears it once", Handle: (&room{toldInEach: true}).handle},
		{Name: "writes-in-the-loop", Trips: "one who does not read does not stall the room", Races: true, Handle: (&room{writesInLoop: true}).handle},
	}
}

// Accounts lists the faults of the accounts of a chat.
func Accounts() []Fault {
	return []Fault{
		{Name: "registered-names-are-free", Trips: "/register makes a name one's own, and /login gives it back", Handle: (&room{freeNames: true}).handle},
		{Name: "any-password", Trips: "a password has a form, and can be changed by its owner", Handle: (&room{anyPassword: true}).handle},
		{Name: "tells-which-was-wrong", Trips: "a wrong password and an unknown name are one answer, and it comes late", Handle: (&room{tellsWhich: true}).handle},
		{Name: "answers-at-once", Trips: "a wrong password and an unknown name are one answer, and it comes late", Races: true, Handle: (&room{atOnce: true}).handle},
		{Name: "repeats-the-line", Trips: "a password is never told to anybody", Handle: (&room{repeats: true}).handle},
	}
}
