// One client: its socket, and who is at its other end.
'use strict';

const { goodbye } = require('../serve');
const { Allowance } = require('./allowance');

const MOST_WAITING = 512 * 1024; // bytes that a client may leave untaken

class Client {
  constructor(socket, number) {
    this.socket = socket;
    this.guest = { shown: `guest-${number}`, key: `guest-${number}` };
    this.nick = this.guest;
    this.account = null; // the key of the account that it is logged in to
    this.channels = []; // in the order in which it joined them
    this.current = null; // the one that its talk goes to
    this.lines = new Allowance(20, 10);
    this.wrongPasswords = 0;
    this.gone = false; // the hub has forgotten it
  }

  // hear tells it what it has asked for.
  hear(line) {
    if (!this.gone) this.socket.write(Buffer.from(line + '\n'));
  }

  // offer tells it what others have said, as bytes. It reports false where too much waits for it already. Nobody
  // waits for a slow reader: write keeps in memory what the kernel does not take.
  offer(bytes) {
    if (this.socket.writableLength + bytes.length > MOST_WAITING) return false;
    if (!this.gone) this.socket.write(bytes);
    return true;
  }

  // sayGoodbye ends its connection, and breakOff does it at once, with a RST.
  sayGoodbye(lastWord) {
    goodbye(this.socket, lastWord + '\n');
  }

  breakOff() {
    this.socket.resetAndDestroy();
  }
}

module.exports = { Client };
