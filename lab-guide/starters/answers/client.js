// The client of the upper server: node client.js [HOST PORT]
'use strict';

const net = require('net');

const MAX_LINE = 65536; // characters

const [host = '127.0.0.1', port = '8125'] = process.argv.slice(2);

const client = net.createConnection({ host, port }, () => {
  console.log('Connected to Server!');
  client.write('Hello from the client!\n'); // it may cross the greeting on its way
});

// A chunk may be half a line, or three. So what has come since the last line end is kept.
let rest = '';
client.setEncoding('utf8'); // keeps the half of a character, too
client.on('data', (text) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  for (const line of lines) heard(line);
  if (rest.length > MAX_LINE) client.destroy(new Error('a line of the server is too long'));
});

function heard(line) {
  console.log(line);
  if (line === 'QUIT') client.end(); // the line is the word, and not one that contains it
}

client.on('error', (err) => {
  console.error(err.message);
  process.exitCode = 1;
});
client.on('end', () => console.log('Disconnected from server'));
