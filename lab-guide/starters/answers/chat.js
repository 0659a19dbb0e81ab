// The chat server: node chat.js [PORT [FILE]]. The accounts are in FILE, chat.accounts if none is named.
//
// chat/hub.js knows who is where, chat/commands.js what can be said, chat/accounts.js whose name is whose.
'use strict';

const { serve } = require('./serve');
const { lines, TOO_LONG, LEAVE } = require('./lines');
const { Accounts } = require('./chat/accounts');
const { Hub } = require('./chat/hub');
const { obey, leave } = require('./chat/commands');
const { Refusal } = require('./chat/refusal');

const MAX_LINE = 1024; // bytes
const IDLE = 60 * 60 * 1000; // milliseconds

async function main() {
  const chat = { hub: new Hub(), accounts: await Accounts.open(process.argv[3] ?? 'chat.accounts') };
  const server = serve((socket) => talk(chat, socket));
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      server.close();
      chat.hub.close('* the server is shutting down');
    });
  }
}

// talk is the life of one client.
async function talk(chat, socket) {
  const client = chat.hub.enter(socket);
  socket.setTimeout(IDLE, () => leave(chat, client, '* you were silent for too long', 'idle'));
  socket.on('close', () => chat.hub.leave(client, 'connection lost')); // if nobody knows a better reason
  for await (const line of lines(socket, MAX_LINE)) {
    if (client.gone) return;
    try {
      await take(chat, client, line);
    } catch (err) {
      if (!(err instanceof Refusal)) throw err;
      client.hear(`! ${err.code} ${err.message}`);
    }
  }
  chat.hub.leave(client, 'connection closed');
  socket.end();
}

// take takes a line of a client. It throws a Refusal where the client is to hear why nothing came of it.
async function take(chat, client, line) {
  if (line === LEAVE) {
    leave(chat, client, '* goodbye', 'goodbye');
  } else if (!client.lines.take()) {
    throw new Refusal('slow', 'down, at most 10 lines a second, this one was not delivered');
  } else if (line === TOO_LONG) {
    throw new Refusal('toolong', `at most ${MAX_LINE} bytes in a line, this one was not delivered`);
  } else {
    await obey(chat, client, line);
  }
}

main().catch((err) => {
  console.error(err.message);
  process.exit(1);
});
