// The upper server in Node, in two forms:
//
//     node upper.js lines PORT    a line in, its capitals and QUIT out, a line each
//     node upper.js raw PORT      as in the classic Node.js net guide, chunk by chunk
'use strict';

const net = require('node:net');

const handlers = {
  lines(client) {
    // A character that a chunk has cut is held back until it is whole.
    client.setEncoding('utf8');
    let rest = '';
    client.on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) client.write(`${line.toUpperCase()}\nQUIT\n`);
    });
  },
  raw(client) {
    client.on('data', (data) => {
      client.write(data.toString().toUpperCase());
      client.write('QUIT');
    });
  },
};

const [mode, port] = process.argv.slice(2);
if (!(mode in handlers)) {
  console.error(`usage: node upper.js ${Object.keys(handlers).join('|')} PORT`);
  process.exit(2);
}

const server = net.createServer((client) => {
  client.on('error', (err) => console.error(err.message));
  client.setNoDelay(true); // as Go does unasked; QUIT would wait for an ACK otherwise
  client.write('Hello from the server!\n');
  handlers[mode](client);
});
server.listen(Number(port), '127.0.0.1');
