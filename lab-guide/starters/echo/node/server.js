// An echo server that does not answer yet: node server.js [PORT]
'use strict';

const net = require('net');

const server = net.createServer((client) => {
  const peer = `${client.remoteAddress}:${client.remotePort}`;
  console.log(peer, 'has come');

  client.on('data', (data) => {
    console.log(peer, 'sent', data.length, 'bytes');

    // What goes back to the client, and which bytes exactly?
  });

  // Without this a client that breaks off would end the whole program.
  client.on('error', (err) => console.log(peer, 'broke off:', err.message));
  client.on('close', () => console.log(peer, 'has left'));
});

server.on('error', (err) => {
  console.error(err.message);
  process.exit(1);
});

const [port = '9000'] = process.argv.slice(2);
server.listen(Number(port), '0.0.0.0', () => console.log('Listening on port', server.address().port));
