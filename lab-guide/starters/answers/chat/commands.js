// What a client can say, as a table. (CHAT-28)
'use strict';

const { setTimeout: pause } = require('timers/promises');
const { belongsToSomebody } = require('./accounts');
const { KEPT_LINES } = require('./hub');
const { parseNick, parseChannel, isGuest } = require('./names');
const { printable } = require('./printable');
const { Refusal } = require('./refusal');

const MOST_WRONG_PASSWORDS = 5; // on one connection
const PENALTY = 1000; // how late a wrong password is answered, in milliseconds

// A row: `least` and `most` are how many words follow the name; the last one is all the rest of the line where
// `text` is set. `run` gets the chat, { hub, accounts }, the client, and the words.
const COMMANDS = [
  { name: 'help', usage: '/help [COMMAND]', help: 'list the commands, or show one', least: 0, most: 1, run: help },
  { name: 'nick', usage: '/nick NAME', help: 'take another name', least: 1, most: 1, run: nick },
  { name: 'register', usage: '/register NAME PASSWORD', help: 'make a name your own', least: 2, most: 2, run: register },
  { name: 'login', usage: '/login NAME PASSWORD', help: 'take the name that is your own', least: 2, most: 2, run: login },
  { name: 'passwd', usage: '/passwd OLD NEW', help: 'change your password', least: 2, most: 2, run: passwd, loggedIn: true },
  { name: 'join', usage: '/join #CHANNEL', help: 'go to a channel, or make one', least: 1, most: 1, run: join },
  { name: 'part', usage: '/part [#CHANNEL]', help: 'leave a channel', least: 0, most: 1, run: part },
  { name: 'channels', usage: '/channels', help: 'list the channels, and how many are there', least: 0, most: 0, run: channels },
  { name: 'who', usage: '/who [#CHANNEL]', help: 'list who is in a channel', least: 0, most: 1, run: who },
  { name: 'msg', usage: '/msg NICK TEXT', help: 'say something to one person alone', least: 2, most: 2, run: msg, text: true },
  { name: 'say', usage: '/say #CHANNEL TEXT', help: 'say something in another channel of yours', least: 2, most: 2, run: say, text: true },
  { name: 'me', usage: '/me TEXT', help: 'say what you are doing', least: 1, most: 1, run: me, text: true },
  { name: 'history', usage: '/history [N]', help: 'show the last N lines of the channel, at most 100', least: 0, most: 1, run: history },
  { name: 'ping', usage: '/ping [TOKEN]', help: 'hear `* pong TOKEN`, behind all that came before', least: 0, most: 1, run: ping, text: true },
  { name: 'quit', usage: '/quit [TEXT]', help: 'leave, with a last word', least: 0, most: 1, run: quit, text: true },
];

// obey does what a line asks for: a command, or to be passed on. It throws a Refusal for what cannot be.
async function obey(chat, client, line) {
  line = line.replace(/^[ \t]+|[ \t]+$/g, '');
  if (!line.startsWith('/')) {
    const text = printable(line);
    if (text) chat.hub.speak(client, null, (channel, nick) => `[${channel}] ${nick}: ${text}`);
    return;
  }
  const [word, rest] = cutWord(line);
  const row = find(word);
  if (!row) throw new Refusal('unknown', `${printable(word)}, try /help`);
  if (row.loggedIn && !client.account) throw new Refusal('login', 'first, as in /login NAME PASSWORD');
  const words = split(row, rest);
  if (words.length < row.least || words.length > row.most) throw new Refusal('usage', row.usage);
  await row.run(chat, client, ...words);
}

// leave ends a client's talk in good order.
function leave(chat, client, lastWord, why) {
  client.sayGoodbye(lastWord);
  chat.hub.leave(client, why);
}

function find(word) {
  const name = word.replace(/^\//, '').toLowerCase();
  return COMMANDS.find((row) => row.name === name);
}

// cutWord returns the first word and what follows it.
function cutWord(text) {
  const [, word, rest] = /^([^ \t]*)[ \t]*(.*)$/su.exec(text);
  return [word, rest];
}

function split(row, rest) {
  const words = [];
  while (rest) {
    if (row.text && words.length === row.most - 1) {
      const text = printable(rest);
      return text ? [...words, text] : words;
    }
    let word;
    [word, rest] = cutWord(rest);
    words.push(word);
  }
  return words;
}

function help(chat, client, word) {
  const rows = word ? [find(word)] : COMMANDS;
  if (!rows[0]) throw new Refusal('unknown', `${printable(word)}, try /help`);
  for (const row of rows) client.hear(`* ${row.usage.padEnd(24)} ${row.help}`);
}

// Names.

function nick(chat, client, word) {
  const name = freeNick(word);
  if (chat.accounts.registered(name.key) && client.account !== name.key) throw belongsToSomebody(name);
  chat.hub.mustBeFree(client, name);
  chat.hub.call(client, name);
}

function anyNick(word) {
  const name = parseNick(word);
  if (!name) throw new Refusal('nick', 'a name has 2 to 20 letters, digits, _ or -');
  return name;
}

function freeNick(word) {
  const name = anyNick(word);
  if (isGuest(name.key)) throw new Refusal('taken', 'guest- and a number is for the server to give; choose another name');
  return name;
}

async function register(chat, client, word, password) {
  const name = freeNick(word);
  chat.hub.mustBeFree(client, name);
  await chat.accounts.register(name, password);
  if (client.gone) return;
  client.hear(`* registered ${name.shown}`);
  chat.hub.logIn(client, name);
}

async function login(chat, client, word, password) {
  const name = anyNick(word);
  const shown = await chat.accounts.login(name, password);
  if (shown === undefined) return wrongPassword(chat, client);
  if (client.gone) return;
  client.hear(`* logged in as ${shown}`);
  chat.hub.logIn(client, { shown, key: name.key });
}

async function passwd(chat, client, old, password) {
  if (await chat.accounts.changePassword(client.account, old, password)) client.hear('* password changed');
  else await wrongPassword(chat, client);
}

// wrongPassword answers late, so that nobody can try many. Only this client waits.
async function wrongPassword(chat, client) {
  client.wrongPasswords++;
  await pause(PENALTY);
  if (client.wrongPasswords < MOST_WRONG_PASSWORDS) throw new Refusal('login', 'wrong name or password');
  leave(chat, client, '! tries too many wrong passwords, goodbye', 'too many wrong passwords');
}

// Channels.

function aChannel(word) {
  const name = parseChannel(word);
  if (!name) throw new Refusal('channel', 'a channel is # and 1 to 30 letters, digits, _ or -, as in #lobby');
  return name;
}

function join(chat, client, word) {
  chat.hub.join(client, aChannel(word));
}

function part(chat, client, word) {
  chat.hub.part(client, word && aChannel(word));
}

function channels(chat, client) {
  const all = [...chat.hub.channels.values()];
  all.sort((a, b) => b.members.size - a.members.size || (a.name.shown < b.name.shown ? -1 : 1));
  for (const channel of all.slice(0, 100)) client.hear(`* ${channel.name.shown} ${channel.members.size}`);
  client.hear(`* ${all.length} channels`);
}

function who(chat, client, word) {
  const channel = word ? chat.hub.channels.get(aChannel(word).key) : chat.hub.channelOf(client);
  if (!channel) throw new Refusal('absent', 'there is no such channel; /channels lists them');
  const nicks = [...channel.members].slice(0, 200).map((member) => member.nick.shown);
  for (let i = 0; i < nicks.length; i += 10) {
    client.hear(`* ${channel.name.shown} ${nicks.slice(i, i + 10).join(' ')}`);
  }
  client.hear(`* ${channel.members.size} in ${channel.name.shown}`);
}

function history(chat, client, word = '20') {
  const n = /^[0-9]+$/.test(word) ? Number(word) : 0;
  if (n < 1 || n > KEPT_LINES) throw new Refusal('usage', `/history [N], with N from 1 to ${KEPT_LINES}`);
  chat.hub.tellHistory(client, n);
}

// Talk.

function say(chat, client, word, text) {
  chat.hub.speak(client, aChannel(word), (channel, nick) => `[${channel}] ${nick}: ${text}`);
}

function me(chat, client, text) {
  chat.hub.speak(client, null, (channel, nick) => `[${channel}] * ${nick} ${text}`);
}

function msg(chat, client, to, text) {
  chat.hub.whisper(client, to, text);
}

function ping(chat, client, token) {
  client.hear(token ? `* pong ${token}` : '* pong');
}

function quit(chat, client, text = 'goodbye') {
  leave(chat, client, '* goodbye', text);
}

module.exports = { obey, leave };
