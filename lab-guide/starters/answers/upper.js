// The upper server, with lines on its wire: node upper.js [PORT]
'use strict';

const { serve, goodbye } = require('./serve');
const { lines, TOO_LONG, LEAVE } = require('./lines');

const MAX_LINE = 65536; // bytes

serve(async (client) => {
  client.write('Hello from the server!\n');
  for await (const line of lines(client, MAX_LINE)) {
    if (line === LEAVE) {
      goodbye(client, '* goodbye\n');
      return;
    }
    if (line === TOO_LONG) client.write(`! line too long, at most ${MAX_LINE} bytes\n`);
    else client.write(`${line.toUpperCase()}\nQUIT\n`);
  }
  client.end(); // the client has sent FIN, and hears the rest of its answers first
});
