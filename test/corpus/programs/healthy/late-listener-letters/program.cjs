// What a guest sends is taken once it is known who he is.
const { createServer, connect } = require('node:net');
const { EventEmitter, once } = require('node:events');
const { setTimeout: delay } = require('node:timers/promises');

class Link extends EventEmitter {
  constructor(socket) {
    super();
    socket.setEncoding('utf8');
    socket.on('data', (text) => this.emit('letter', text));
    socket.on('end', () => socket.end());
  }
}

async function nameOf(link) {
  await delay(60);
  return link === null ? 'nobody' : 'ada';
}

const letters = [];
async function serve(socket) {
  const link = new Link(socket);
  const name = nameOf(link);
  link.on('letter', async (text) => letters.push(`${await name}: ${text}`));
}

async function main() {
  const server = createServer((socket) => void serve(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const guest = connect(server.address().port, '127.0.0.1');
  await once(guest, 'connect');
  guest.write('hello');
  await delay(120);
  guest.end();
  server.close();
  console.log(letters.length);
}
main();
