// Says goodbye to a server and leaves.
const { createServer, connect } = require('node:net');
const { once } = require('node:events');

async function main() {
  const server = createServer((socket) => socket.resume().on('end', () => server.close()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect(server.address().port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end('x'.repeat(20_000_000));
  await once(socket, 'close');
  shutDown(server);
}

function shutDown(server) {
  process.exit(0);
}

main();
