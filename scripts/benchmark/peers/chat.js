// The group chat that follows the classic Node.js net guide: the sockets in an
// array, and what one sends is written to all others. In two forms:
//
//     node chat.js array PORT       one array
//     node chat.js channels PORT    one a channel, which the first line picks: /join #NAME
'use strict';

const net = require('node:net');

function enter(sockets, client) {
  sockets.push(client);
  client.on('data', (data) => {
    for (const other of sockets) {
      if (other !== client) other.write(data);
    }
  });
  client.on('close', () => sockets.splice(sockets.indexOf(client), 1));
}

const everybody = [];
const channels = new Map();

const handlers = {
  array(client) {
    enter(everybody, client);
    client.write('Hello from the server!\n');
  },
  channels(client) {
    client.once('data', (line) => {
      const name = line.toString().trim().split(' ')[1];
      if (!channels.has(name)) channels.set(name, []);
      enter(channels.get(name), client);
      client.write(`* you joined ${name}\n`);
    });
  },
};

const [mode, port] = process.argv.slice(2);
if (!(mode in handlers)) {
  console.error(`usage: node chat.js ${Object.keys(handlers).join('|')} PORT`);
  process.exit(2);
}

const server = net.createServer((client) => {
  client.on('error', (err) => console.error(err.message));
  client.setNoDelay(true); // as Go does unasked
  handlers[mode](client);
});
server.listen(Number(port), '127.0.0.1');
