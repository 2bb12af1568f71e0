// Asks weather stations over TCP, with one connection for each of two requests at a time.
import { createServer, connect } from 'node:net';
import { once } from 'node:events';

const station = createServer((socket) => {
  socket.on('data', (city) => setTimeout(() => socket.write(`${city}: rain`), 60));
});
station.listen(0, '127.0.0.1');
await once(station, 'listening');

class Lines {
  constructor(sockets) {
    this.sockets = sockets;
    this.callers = [];
  }
  borrow() {
    return new Promise((resolve) => {
      if (this.sockets.length > 0) resolve(this.sockets.pop());
      else this.callers.push(resolve);
    });
  }
  giveBack(socket) {
    if (this.callers.length > 0) this.callers.shift()(socket);
    else this.sockets.push(socket);
  }
  close() {
    for (const socket of this.sockets) socket.end();
  }
}

async function ask(socket, city) {
  socket.write(city);
  const [answer] = await once(socket, 'data');
  return String(answer);
}

const { port } = station.address();
const lines = new Lines([connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]);

async function weatherOf(city) {
  const socket = await lines.borrow();
  try {
    return ask(socket, city);
  } finally {
    lines.giveBack(socket);
  }
}

const answers = await Promise.all(['Ulm', 'Bern', 'Graz'].map((city) => weatherOf(city)));
console.log(new Set(answers).size);
lines.close();
station.close();
