// Listening, and what all servers here do with every client.
'use strict';

const net = require('net');

const MOST_CLIENTS = 10000;

// serve listens on the port that the command line names, 9000 if it names none, and calls handler with
// the socket of each client. It returns the net.Server.
//
// The handler owns the socket: it ends it. A handler that fails, because the client broke off or because of
// a mistake in it, loses its own client and nobody else's.
function serve(handler) {
  const clients = new Set();

  // allowHalfOpen: after the client's FIN there may still be something to say to it.
  // noDelay: an answer in two writes goes out at once, and does not wait for an ACK (Nagle's algorithm).
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, async (client) => {
    clients.add(client);
    client.on('close', () => clients.delete(client));
    client.on('error', (err) => console.log('a client broke off:', err.message)); // 'close' follows
    if (clients.size > MOST_CLIENTS) {
      goodbye(client, '! server full, try again later\n');
      return;
    }
    try {
      await handler(client);
    } catch (err) {
      if (!client.destroyed) console.error(err);
      client.destroy();
    }
  });
  server.on('error', (err) => {
    console.error(err.message);
    process.exit(1);
  });
  const port = Number(process.argv[2] ?? 9000);
  server.listen(port, '0.0.0.0', () => console.log('Listening on port', server.address().port));
  return server;
}

// LINGER is how long a client may take to close its side, in milliseconds.
const LINGER = 5000;

// goodbye says a last word, sends FIN, and waits for the client's. To close at once while something of the
// client's is unread would be a RST, and could destroy the last word on its way.
function goodbye(client, lastWord) {
  client.end(lastWord);
  client.resume(); // what it still says is thrown away
  setTimeout(() => client.destroy(), LINGER).unref();
}

module.exports = { serve, goodbye };
