// A worker takes jobs from a store of lists, while pages count their visits in the same store.
const { createServer, connect } = require('node:net');
const { once } = require('node:events');
const { setTimeout: delay } = require('node:timers/promises');

const counts = new Map();
async function serve(socket) {
  for await (const chunk of socket) {
    for (const line of String(chunk).trim().split('\n')) {
      if (line === 'pop') await delay(400);
      else counts.set(line, (counts.get(line) ?? 0) + 1);
      socket.write(`${counts.get(line) ?? 'none'}\n`);
    }
  }
}

class Store {
  constructor(port) {
    this.socket = connect(port, '127.0.0.1');
    this.callers = [];
    this.socket.on('data', (chunk) => {
      for (const line of String(chunk).trim().split('\n')) this.callers.shift()(line);
    });
  }
  request(line) {
    this.socket.write(`${line}\n`);
    return new Promise((resolve) => this.callers.push(resolve));
  }
  popJob() {
    return this.request('pop');
  }
  increment(key) {
    return this.request(key);
  }
  end() {
    this.socket.end();
  }
}

async function work(store) {
  while ((await store.popJob()) !== 'none') console.log('a job');
}
async function visit(store, page) {
  await delay(60);
  return store.increment(page);
}

async function main() {
  const server = createServer((socket) => void serve(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const store = new Store(server.address().port);
  const ownStore = new Store(server.address().port);
  const working = work(ownStore);
  console.log(await Promise.all(['home', 'about', 'home'].map((page) => visit(store, page))));
  await working;
  store.end();
  ownStore.end();
  server.close();
}
main();
