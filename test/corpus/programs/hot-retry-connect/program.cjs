// A client waits until its service is up.
const net = require('node:net');

function connect(port) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

async function waitFor(port) {
  let attempts = 0;
  while (true) {
    attempts++;
    try {
      return await connect(port);
    } catch (error) {
      if (error.code !== 'ECONNREFUSED') throw error;
    }
  }
}

const server = net.createServer((socket) => socket.end('hello'));
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  server.close(async () => {
    setTimeout(() => server.listen(port, '127.0.0.1'), 600);
    const socket = await waitFor(port);
    socket.on('data', (data) => console.log(String(data)));
    socket.on('close', () => server.close());
  });
});
