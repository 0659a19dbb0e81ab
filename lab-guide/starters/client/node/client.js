// A client of the upper server that says nothing yet: node client.js [HOST PORT]
'use strict';

const net = require('net');

const [host = '127.0.0.1', port = '8125'] = process.argv.slice(2);

const client = net.createConnection({ host, port }, () => {
  console.log('Connected to', `${host}:${port}`);

  // What does the client say, and what must it hear before it may leave?
});

client.on('data', (data) => process.stdout.write(data));
client.on('error', (err) => {
  console.error(err.message);
  process.exitCode = 1;
});
client.on('end', () => console.log('Disconnected'));
