// Lines out of a stream of bytes.
'use strict';

const { Telnet } = require('./telnet');

const NUL = 0x00, EOT = 0x04, LF = 0x0a, CR = 0x0d;

// What may come instead of a line.
const TOO_LONG = Symbol('a line is too long; its rest is skipped');
const LEAVE = Symbol('the client wants to leave: Ctrl-C or Ctrl-D');

// A Framer finds lines in bytes, however they are cut. `found` is what it has found and nobody has taken yet:
// lines as strings, TOO_LONG, LEAVE, and replies to telnet as Buffers, in the order of the stream.
class Framer {
  constructor(limit) {
    this.limit = limit; // bytes in a line, without its end
    this.found = [];
    this.line = []; // the bytes of the line so far
    this.heldCR = false; // the last byte was a CR: a part of the line's end, or of the line?
    this.skipping = false; // the line was too long
    this.telnet = new Telnet({
      text: (byte) => this.text(byte),
      reply: (bytes) => this.found.push(Buffer.from(bytes)),
      interrupt: () => this.found.push(LEAVE),
    });
  }

  take(chunk) {
    for (const byte of chunk) this.telnet.take(byte);
  }

  // text is the framing. A line ends in LF, CR LF or CR NUL; another CR is text, another NUL nothing.
  text(byte) {
    if (byte === LF || (byte === NUL && this.heldCR)) {
      this.endLine();
    } else if (byte === EOT && this.line.length === 0 && !this.heldCR && !this.skipping) {
      this.found.push(LEAVE);
    } else if (byte !== NUL) {
      if (this.heldCR) this.keep(CR);
      this.heldCR = byte === CR;
      if (byte !== CR) this.keep(byte);
    }
  }

  keep(byte) {
    if (this.skipping) return;
    this.line.push(byte);
    if (this.line.length > this.limit) {
      this.found.push(TOO_LONG);
      this.line = [];
      this.skipping = true;
    }
  }

  endLine() {
    // Bytes that are not UTF-8 become U+FFFD. The line is whole, so no character is cut.
    if (!this.skipping) this.found.push(Buffer.from(this.line).toString('utf8'));
    this.line = [];
    this.heldCR = false;
    this.skipping = false;
  }

  // end is for the client's FIN: what stands before it is a line as well.
  end() {
    this.telnet.end();
    if (this.heldCR) this.keep(CR);
    if (this.line.length > 0) this.endLine();
  }
}

// lines yields each line of a client, without its end, or TOO_LONG, or LEAVE; it is over when the client has
// sent FIN, and throws when the client has broken off. Telnet is answered on the way.
//
// Who does not read is not read from: after each line it waits until the kernel has taken what was said to the
// client. So the answers to a flood of questions cannot fill the memory.
async function* lines(client, limit) {
  const framer = new Framer(limit);
  for await (const chunk of client.iterator({ destroyOnReturn: false })) {
    framer.take(chunk);
    yield* taken(client, framer);
  }
  framer.end();
  yield* taken(client, framer);
}

async function* taken(client, framer) {
  const found = framer.found;
  framer.found = [];
  for (const item of found) {
    if (!Buffer.isBuffer(item)) yield item;
    if (!client.writable) return; // goodbye has been said
    if (Buffer.isBuffer(item)) client.write(item);
    if (client.writableNeedDrain) await new Promise((resolve) => client.write('', resolve));
  }
}

module.exports = { lines, TOO_LONG, LEAVE };
