// A client asks a quote service over a WebSocket.
import { WebSocket, WebSocketServer } from 'ws';
import { once } from 'node:events';

const prices = { SAP: 210, BMW: 88 };
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const price = prices[String(data)];
    if (price === undefined) socket.close(1008, 'unknown');
    else socket.send(String(price));
  });
});
await once(server, 'listening');

class Quotes {
  #socket;
  async open(port) {
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}`);
    await once(this.#socket, 'open');
    return this;
  }
  priceOf(symbol) {
    const socket = this.#socket;
    return new Promise((resolve, reject) => {
      socket
        .once('message', (data) => resolve(Number(data)))
        .once('error', reject)
        .once('close', () => reject(new Error('closed')));
      socket.send(symbol);
    });
  }
  close() {
    this.#socket.close();
  }
}
const quotes = await new Quotes().open(server.address().port);
for (const symbol of ['SAP', 'BMW', 'XYZ'])
  console.log(symbol, await quotes.priceOf(symbol).catch((error) => error.message));
quotes.close();
server.close();
