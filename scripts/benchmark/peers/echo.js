// The echo server of the classic Node.js net guide, in its three forms:
//
//     node echo.js data PORT    client.on('data', data => client.write(data))
//     node echo.js pipe PORT    client.pipe(client)
//     node echo.js log PORT     data, and console.log of each message
'use strict';

const net = require('node:net');

const handlers = {
  data(client) {
    client.on('data', (data) => client.write(data));
  },
  pipe(client) {
    client.pipe(client);
  },
  log(client) {
    client.on('data', (data) => {
      console.log(data.toString());
      client.write(data);
    });
  },
};

const [mode, port] = process.argv.slice(2);
if (!(mode in handlers)) {
  console.error(`usage: node echo.js ${Object.keys(handlers).join('|')} PORT`);
  process.exit(2);
}

const server = net.createServer((client) => {
  client.on('error', (err) => console.error(err.message));
  handlers[mode](client);
});
server.listen(Number(port), '127.0.0.1');
