// Says goodbye to a server and leaves.
const { createServer, connect } = require('node:net');
const { once } = require('node:events');

async function main() {
  const server = createServer((socket) => socket.pause());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect(server.address().port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('x'.repeat(20_000_000));
  shutDown(server, socket);
}

function shutDown(server) {
  server.close();
  process.exit(0);
}

main();
