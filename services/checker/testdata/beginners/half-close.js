const net = require('net');

const server = net.createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('data', (data) => socket.write(data));
  socket.on('error', (error) => console.log(error.message));
});

server.listen(process.argv[2], '127.0.0.1');
