// Who is where, and what they hear.
'use strict';

const { Client } = require('./client');
const { keyOf } = require('./names');
const { Refusal } = require('./refusal');

const MOST_CHANNELS = 1000;
const MOST_MEMBERSHIPS = 20;
const KEPT_LINES = 100;
const SHOWN_ON_JOIN = 10;
const LOBBY = { shown: '#lobby', key: '#lobby' };

class Channel {
  members = new Set(); // in the order of their coming
  history = []; // the last lines that were said

  constructor(name) {
    this.name = name;
  }

  remember(line) {
    this.history.push(line);
    if (this.history.length > KEPT_LINES) this.history.shift();
  }
}

// A Hub needs no lock: Node.js runs one function at a time, up to its next await, and there is none in here. So a
// line is carried to everybody before the next one, and all hear the lines of a channel in the same order.
class Hub {
  people = new Map(); // by the key of their nick
  channels = new Map([[LOBBY.key, new Channel(LOBBY)]]); // by their key
  guests = 0;

  // enter brings a new client in.
  enter(socket) {
    this.guests++;
    const client = new Client(socket, this.guests);
    this.people.set(client.nick.key, client);
    client.hear(`* welcome, you are ${client.nick.shown}; /help lists the commands`);
    this.add(client, this.channels.get(LOBBY.key));
    return client;
  }

  // leave takes a client out and tells the others why. To leave twice is to leave once.
  leave(client, why) {
    if (client.gone) return;
    client.gone = true;
    const neighbours = this.neighbours(client);
    for (const channel of client.channels) this.takeOut(client, channel);
    this.people.delete(client.nick.key);
    this.carry(neighbours, `* ${client.nick.shown} quit (${why})`);
  }

  // close is for the end of the server: nobody is told of the others.
  close(lastWord) {
    for (const client of this.people.values()) {
      client.gone = true;
      client.sayGoodbye(lastWord);
    }
    this.people.clear();
  }

  // carry tells a line to all of the listeners. Who is too slow for it is dropped when everybody has heard it:
  // so it comes last in each function here, when everything else has been changed.
  carry(listeners, line) {
    const bytes = Buffer.from(line + '\n');
    const slow = [];
    for (const listener of listeners) {
      if (!listener.offer(bytes)) slow.push(listener);
    }
    for (const client of slow) {
      this.leave(client, 'too slow');
      client.breakOff();
    }
  }

  // neighbours are all who share a channel with a client, once each.
  neighbours(client) {
    const all = new Set(client.channels.flatMap((channel) => [...channel.members]));
    all.delete(client);
    return all;
  }

  // Channels.

  join(client, name) {
    const mine = client.channels.find((channel) => channel.name.key === name.key);
    if (mine) {
      client.current = mine;
      client.hear(`* you talk in ${mine.name.shown} now`);
      return;
    }
    if (client.channels.length >= MOST_MEMBERSHIPS) {
      throw new Refusal('toomany', `you are in ${client.channels.length} channels; /part one of them`);
    }
    if (!this.channels.has(name.key)) {
      if (this.channels.size >= MOST_CHANNELS) {
        throw new Refusal('toomany', `there are ${MOST_CHANNELS} channels already; /channels lists them`);
      }
      this.channels.set(name.key, new Channel(name));
    }
    this.add(client, this.channels.get(name.key));
  }

  add(client, channel) {
    const others = [...channel.members];
    channel.members.add(client);
    client.channels.push(channel);
    client.current = channel;
    client.hear(`* you joined ${channel.name.shown}, ${channel.members.size} here`);
    if (channel.history.length > 0) this.tellHistory(client, SHOWN_ON_JOIN);
    this.carry(others, `* ${client.nick.shown} joined ${channel.name.shown}`);
  }

  part(client, name) {
    const channel = this.channelOf(client, name);
    this.takeOut(client, channel);
    client.channels = client.channels.filter((other) => other !== channel);
    client.hear(`* you left ${channel.name.shown}`);
    if (client.current === channel) {
      client.current = client.channels.at(-1) ?? null;
      client.hear(client.current ? `* you talk in ${client.current.name.shown} now` : '* you are in no channel now');
    }
    this.carry(channel.members, `* ${client.nick.shown} left ${channel.name.shown}`);
  }

  // takeOut removes a client from a channel, and the channel if nobody is left in it.
  takeOut(client, channel) {
    channel.members.delete(client);
    if (channel.members.size === 0 && channel.name.key !== LOBBY.key) this.channels.delete(channel.name.key);
  }

  // channelOf is the one of its channels that a client means; without a name the current one.
  channelOf(client, name) {
    if (!name && !client.current) throw new Refusal('absent', 'you are in no channel; /join one, as in /join #lobby');
    const channel = name ? client.channels.find((mine) => mine.name.key === name.key) : client.current;
    if (!channel) throw new Refusal('absent', 'you are not in that channel; /join it first');
    return channel;
  }

  // Talk.

  // speak carries what is said or done in a channel. How it is written is for line to say.
  speak(client, name, line) {
    const channel = this.channelOf(client, name);
    const said = line(channel.name.shown, client.nick.shown);
    channel.remember(said);
    this.carry([...channel.members].filter((member) => member !== client), said);
  }

  whisper(client, to, text) {
    const listener = this.people.get(keyOf(to));
    if (!listener) throw new Refusal('nobody', 'there is nobody of that name here');
    this.carry([listener], `[${client.nick.shown} -> you] ${text}`);
  }

  tellHistory(client, most) {
    const channel = this.channelOf(client);
    const lines = channel.history.slice(-most);
    client.hear(`* history of ${channel.name.shown}, ${lines.length} lines`);
    for (const line of lines) client.hear(line);
  }

  // Names.

  // mustBeFree throws a Refusal where somebody else has that name now.
  mustBeFree(client, name) {
    const owner = this.people.get(name.key) ?? client;
    if (owner !== client) throw new Refusal('taken', `${owner.nick.shown} is here already; choose another name`);
  }

  // call gives a client a name that nobody else has.
  call(client, name) {
    const old = client.nick;
    client.hear(`* you are now ${name.shown}`);
    if (name.shown === old.shown) return;
    this.people.delete(old.key);
    client.nick = name;
    this.people.set(name.key, client);
    this.carry(this.neighbours(client), `* ${old.shown} is now ${name.shown}`);
  }

  // logIn gives a client the name of its account. Whoever has that name gets a guest's.
  logIn(client, account) {
    const other = this.people.get(account.key) ?? client;
    if (other !== client) {
      other.hear(`* ${other.nick.shown} belongs to somebody who has logged in`);
      other.account = null;
      this.call(other, other.guest);
    }
    if (client.gone) return; // it was too slow for that
    client.account = account.key;
    this.call(client, account);
  }
}

module.exports = { Hub, KEPT_LINES };
