const net = require('net');

const server = net.createServer((socket) => {
  socket.setEncoding('utf8');
  socket.on('data', (text) => {
    console.log('Somebody said:', text);
    socket.write(text);
  });
  socket.on('error', (error) => console.log(error.message));
});

server.listen(process.argv[2], '127.0.0.1');
