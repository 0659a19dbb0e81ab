// What telnet says in a stream besides text: commands, which begin with the byte FF (RFC 854).
'use strict';

const SE = 0xf0, IP = 0xf4, SB = 0xfa, WILL = 0xfb, WONT = 0xfc, DO = 0xfd, DONT = 0xfe, IAC = 0xff;
const LOWEST_COMMAND = 0xec; // RFC 1184
const TIMING_MARK = 6; // RFC 860
const LONGEST_SUBNEGOTIATION = 512; // who says IAC SB by mistake must not be deaf for ever

// A Telnet takes the bytes of a stream one by one, and calls
//
//   text(byte)     for each byte of text,
//   reply(bytes)   with what must be said to the other side: every option is refused,
//   interrupt()    for Ctrl-C.
//
// `take` is the state that it is in, a function of the next byte.
class Telnet {
  constructor({ text, reply, interrupt }) {
    Object.assign(this, { text, reply, interrupt });
    this.take = this.inText;
  }

  inText(byte) {
    if (byte === IAC) this.take = this.inCommand;
    else this.text(byte);
  }

  inCommand(byte) {
    this.take = this.inText;
    if (byte === IAC) {
      this.text(IAC); // doubled: the byte FF itself
    } else if (byte >= WILL) {
      this.verb = byte;
      this.take = this.inOption;
    } else if (byte === SB) {
      this.skipped = 0;
      this.take = this.inSubnegotiation;
    } else if (byte === IP) {
      // On Ctrl-C telnet says IP and DO TIMING-MARK, and hides all that it hears until the answer to the
      // second. Its question may come later than our goodbye: so the answer does not wait for it.
      this.reply([IAC, WONT, TIMING_MARK]);
      this.interrupt();
    } else if (byte < LOWEST_COMMAND) {
      this.text(IAC); // it was no command
      this.text(byte);
    }
  }

  inOption(option) {
    this.take = this.inText;
    if (this.verb === DO) this.reply([IAC, WONT, option]);
    if (this.verb === WILL) this.reply([IAC, DONT, option]);
  }

  inSubnegotiation(byte) {
    this.skipped++;
    if (this.skipped === LONGEST_SUBNEGOTIATION) this.take = this.inText;
    else if (byte === IAC) this.take = this.inSubnegotiationCommand;
  }

  inSubnegotiationCommand(byte) {
    this.skipped++;
    const over = byte === SE || this.skipped === LONGEST_SUBNEGOTIATION;
    this.take = over ? this.inText : this.inSubnegotiation;
  }

  // end is for the end of the stream: a last FF began no command.
  end() {
    if (this.take === this.inCommand) this.text(IAC);
  }
}

module.exports = { Telnet };
