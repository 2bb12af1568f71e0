// Sends the mails of a day to a mail server, which does not know every address.
const { createServer, connect } = require('node:net');
const { once } = require('node:events');
const { setTimeout: delay } = require('node:timers/promises');

const server = createServer((socket) => {
  socket.on('data', (line) => {
    socket.end(String(line).includes('ada@') ? '250 ok' : '550 no such user');
  });
});

class Mailer {
  constructor(port) {
    this.port = port;
  }
  async deliver(address) {
    const socket = connect(this.port, '127.0.0.1');
    socket.write(`to ${address}`);
    const [answer] = await once(socket, 'data');
    socket.destroy();
    if (!String(answer).startsWith('250')) throw new Error(String(answer));
  }
  async send(address) {
    let pause = 100;
    let failure = null;
    for (let tries = 0; tries < 4; tries++) {
      if (failure !== null) await delay((pause *= 2));
      failure = await this.deliver(address).then(
        () => null,
        (error) => error,
      );
      if (failure === null) return;
    }
    throw failure;
  }
}

async function main() {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const mailer = new Mailer(server.address().port);
  for (const address of ['ada@example.org', 'bob@example.org']) {
    await mailer.send(address).catch((error) => console.log(address, error.message));
  }
  server.close();
}
main();
