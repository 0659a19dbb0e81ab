package textline

// The bytes of the telnet protocol that matter here, with their names in
// RFC 854. A command starts with IAC, a byte that no UTF-8 text contains.
const (
	iac  = 0xFF // "interpret as command"
	dont = 0xFE
	do   = 0xFD
	wont = 0xFC
	will = 0xFB
	sb   = 0xFA // subnegotiation begins
	ip   = 0xF4 // "interrupt process": Ctrl-C
	se   = 0xF0 // subnegotiation ends

	lowestCommand = 0xEC // RFC 1184 added commands below SE, down to 236

	timingMark = 6 // RFC 860
)

// Nothing legitimate is that long, for a subnegotiation needs an option that
// both sides agreed on. Without a bound, the two bytes IAC SB, sent by mistake,
// would silence a client for good.
const maxSubnegotiation = 512

type telnetState uint8

const (
	inText telnetState = iota
	inCommand
	inOption
	inSubnegotiation
	inSubnegotiationCommand
)

// A meaning is what telnet makes of a byte.
type meaning uint8

const (
	command   meaning = iota // part of a command that needs no answer
	plainText                // not telnet's business
	strayIAC                 // the IAC before it began no command: both are text
	request                  // an option was asked for: reply says no
	interrupt                // Ctrl-C: reply is due before anything else
)

// telnet separates commands from text, byte by byte. It remembers a few bytes
// and no more, whatever the other side sends.
//
// It refuses every option, and that cannot start an endless exchange. By
// RFC 854 each side may ask (DO, WILL) and each may refuse (WONT, DONT), a
// refusal must be accepted, and no side answers a request for the state it is
// already in. All options are off at the start and we keep them off: so DO and
// WILL get a refusal, and WONT and DONT, which ask for the state that is, get
// nothing. Even two such programs talking to each other fall silent.
//
// EC and EL (erase character, erase line) are dropped like any other command
// of two bytes. A telnet program lets its user edit the line before it sends
// it; only where a server takes the editing over, by agreeing to options, does
// it send these two, unless its user types "send ec" to see what happens.
type telnet struct {
	state   telnetState
	verb    byte    // DO, DONT, WILL or WONT, its option to follow
	skipped int     // bytes since SB
	marked  bool    // a DO TIMING-MARK right here has been answered already
	reply   [3]byte // for request and interrupt
}

func (t *telnet) classify(b byte) meaning {
	switch t.state {
	case inCommand:
		return t.afterIAC(b)
	case inOption:
		return t.option(b)
	case inSubnegotiation, inSubnegotiationCommand:
		return t.subnegotiation(b)
	}
	if b == iac {
		t.state = inCommand
		return command
	}
	t.marked = false
	return plainText
}

// afterIAC takes the byte behind IAC.
func (t *telnet) afterIAC(b byte) meaning {
	t.state = inText
	t.marked = t.marked && b == do
	switch b {
	case do, dont, will, wont:
		t.state = inOption
		t.verb = b
	case sb:
		t.state = inSubnegotiation
		t.skipped = 0
	case ip:
		return t.interrupt()
	case iac:
		return plainText // doubled: the data byte 0xFF
	default:
		if b < lowestCommand {
			return strayIAC
		}
	}
	return command
}

// interrupt answers a question that may not have arrived yet. On Ctrl-C a
// telnet program sends IP and DO TIMING-MARK (RFC 860), and hides all that the
// server says until it gets the answer to the second, our goodbye too. As the
// two may come in different segments, and the caller is about to close, the
// answer is given with the first. Where no question follows it does no harm:
// a WONT for an option that is off changes nothing.
func (t *telnet) interrupt() meaning {
	t.marked = true
	t.reply = [3]byte{iac, wont, timingMark}
	return interrupt
}

// option takes the last byte of a negotiation and refuses the option.
func (t *telnet) option(b byte) meaning {
	answered := t.marked && b == timingMark
	t.marked = false
	t.state = inText
	switch {
	case answered:
		return command
	case t.verb == do:
		t.reply = [3]byte{iac, wont, b}
		return request
	case t.verb == will:
		t.reply = [3]byte{iac, dont, b}
		return request
	}
	return command
}

// subnegotiation skips up to and including IAC SE.
func (t *telnet) subnegotiation(b byte) meaning {
	t.skipped++
	switch {
	case t.state == inSubnegotiationCommand && b == se, t.skipped == maxSubnegotiation:
		t.state = inText
	case t.state == inSubnegotiation && b == iac:
		t.state = inSubnegotiationCommand
	default:
		t.state = inSubnegotiation
	}
	return command
}

// endInCommand reports, at the end of the stream, whether its last byte was an
// IAC that began a command, and begins no more.
func (t *telnet) endInCommand() bool {
	cut := t.state == inCommand
	t.state = inText
	return cut
}
