// The client of the classic Node.js guide, with its mistake: node client.js [HOST PORT]
const net = require('node:net')

const [host = '127.0.0.1', port = '8125'] = process.argv.slice(2)
const client = net.createConnection({ host, port }, () => {
  console.log('Connected to Server!')
  client.write('Hello from the client!\n')
})
client.on('data', data => {
  const str = data.toString()
  console.log(str)
  if (str === 'QUIT') client.end() // this is the mistake
})
client.on('end', () => console.log('Disconnected from server'))
