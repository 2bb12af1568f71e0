// A server that looks prices up with a pool of two connections.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

class Pool {
  #idle = ['first', 'second'];
  #waiting = [];
  acquire() {
    if (this.#idle.length > 0) return Promise.resolve(this.#idle.pop());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
  release(connection) {
    if (this.#waiting.length > 0) this.#waiting.shift()(connection);
    else this.#idle.push(connection);
  }
}

const pool = new Pool();
const prices = new Map([['apple', 3]]);

async function priceOf(name) {
  const connection = await pool.acquire();
  try {
    await delay(10);
    const price = prices.get(name);
    if (price === undefined) return 'not sold';
    return String(price);
  } finally {
    pool.release(connection);
  }
}

const server = createServer(async (request, response) => {
  response.end(await priceOf(request.url.slice(1)));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const ask = async (name) => (await fetch(`http://127.0.0.1:${server.address().port}/${name}`)).text();
for (const name of ['apple', 'plum', 'pear', 'apple']) console.log(name, await ask(name));
server.close();
server.closeAllConnections();
