// The echo server: node echo.js [PORT]
'use strict';

const { serve } = require('./serve');

serve((client) => {
  // What comes in goes out, as bytes. pipe reads no faster than the client takes the answers, and ends our
  // side when the client has ended its own and everything is on its way.
  client.pipe(client);
});
