// The accounts, and the file that they are kept in.
'use strict';

const crypto = require('crypto');
const fs = require('fs/promises');
const { promisify } = require('util');
const { Allowance } = require('./allowance');
const { Refusal } = require('./refusal');

const scrypt = promisify(crypto.scrypt); // some 50 ms and 16 MB a password, in threads of Node's own

const MOST_ACCOUNTS = 100000;
const MOST_HASHING = 64; // passwords that are hashed, or wait for it, at one time
const TRY_PLACES = 4096;

// The file has a line of JSON for each change: key, name, salt and hash. The last one of a key counts. A key is
// a name as it is compared (names.js).
class Accounts {
  known = new Map(); // by key: what is in the file
  hashing = 0;
  saved = Promise.resolve(); // is over when the last change that was asked for is on the disk, or has failed

  // Strangers can invent names without end, so that an allowance for each would fill the memory. Instead a
  // hash of the name, which nobody can foresee, picks one of a fixed number.
  tries = Array.from({ length: TRY_PLACES }, () => new Allowance(5, 1 / 30));
  triesKey = crypto.randomBytes(16);

  // open reads the file, or makes one. What stands behind the last line end is what a crash has left of a change
  // that nobody was told of: it is cut off.
  //
  // One server at a time may have it open. Nothing here makes sure of that.
  static async open(path) {
    const accounts = new Accounts();
    accounts.file = await fs.open(path, 'a+', 0o600);
    const text = await accounts.file.readFile('utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    for (const [i, line] of whole.split('\n').slice(0, -1).entries()) {
      const account = parseAccount(line);
      if (!account) throw new Error(`${path}:${i + 1}: this is not an account`);
      accounts.known.set(account.key, account);
    }
    accounts.size = Buffer.byteLength(whole);
    await accounts.file.truncate(accounts.size);
    return accounts;
  }

  // registered reports whether somebody has an account of that key.
  registered(key) {
    return this.known.has(key);
  }

  // register makes an account. When it is over, the account is on the disk.
  async register(name, password) {
    checkPassword(password);
    this.mustBeFree(name);
    const account = { key: name.key, name: name.shown, ...(await this.hash(password)) };
    await this.save(account, () => this.mustBeFree(name)); // again: somebody may have been faster
  }

  mustBeFree(name) {
    if (this.registered(name.key)) throw belongsToSomebody(name);
    if (this.known.size >= MOST_ACCOUNTS) throw new Refusal('toomany', 'accounts, there is no room for another one');
  }

  // login returns the name as it was registered; undefined: the name or the password is wrong. That takes the
  // same time in both cases.
  async login(name, password) {
    this.mustNotBeBusy(); // a try that was not made costs nothing
    const tries = this.tries[this.placeOf(name.key)];
    if (!tries.take()) {
      throw new Refusal('tries', `wait ${Math.ceil(tries.wait())} s before you try ${name.shown} again`);
    }
    const account = this.known.get(name.key);
    const stranger = { salt: '', hash: '' };
    const { salt, hash } = account ?? stranger;
    const { hash: tried } = await this.hash(password, salt);
    const right = account !== undefined && crypto.timingSafeEqual(Buffer.from(hash), Buffer.from(tried));
    if (right) tries.giveBack();
    return right ? account.name : undefined;
  }

  // changePassword is for who is logged in. It reports whether old was right.
  async changePassword(key, old, password) {
    checkPassword(password);
    const before = this.known.get(key);
    if (!(await this.login({ key, shown: before.name }, old))) return false;
    const account = { ...before, ...(await this.hash(password)) };
    await this.save(account, () => {
      if (this.known.get(key) !== before) throw new Refusal('busy', 'it was changed meanwhile, try again');
    });
    return true;
  }

  placeOf(key) {
    return crypto.createHmac('sha256', this.triesKey).update(key).digest().readUInt32BE() % TRY_PLACES;
  }

  async hash(password, salt = crypto.randomBytes(16).toString('hex')) {
    this.mustNotBeBusy();
    this.hashing++;
    try {
      return { salt, hash: (await scrypt(password.normalize('NFC'), salt, 32)).toString('hex') };
    } finally {
      this.hashing--;
    }
  }

  mustNotBeBusy() {
    if (this.hashing >= MOST_HASHING) throw new Refusal('busy', 'too many are logging in, try again in a moment');
  }

  // save writes one account down, after those that are being written, if mayBe does not object.
  save(account, mayBe) {
    const saved = this.saved.then(async () => {
      mayBe();
      const line = JSON.stringify(account) + '\n';
      try {
        await this.file.appendFile(line);
        await this.file.datasync();
      } catch (err) {
        await this.file.truncate(this.size); // a part of a line would spoil the next one
        throw new Refusal('storage', err.message);
      }
      this.size += Buffer.byteLength(line);
      this.known.set(account.key, account);
    });
    this.saved = saved.catch(() => {}); // the next one may succeed; who asked for this one hears of it
    return saved;
  }
}

function parseAccount(line) {
  try {
    const { key, name, salt, hash } = JSON.parse(line);
    return [key, name, salt, hash].every((field) => typeof field === 'string') && { key, name, salt, hash };
  } catch {
    return null;
  }
}

// checkPassword throws a Refusal for one that cannot be used. (CHAT-26)
function checkPassword(password) {
  if ([...password].length < 8) throw new Refusal('password', 'it needs 8 characters or more');
  if (Buffer.byteLength(password) > 72) throw new Refusal('password', 'it has more than 72 bytes');
  if (/\p{Cc}/u.test(password)) throw new Refusal('password', 'it has characters that cannot be used');
}

function belongsToSomebody(name) {
  return new Refusal('registered', `${name.shown} belongs to somebody; if that is you: /login ${name.shown} PASSWORD`);
}

module.exports = { Accounts, belongsToSomebody };
