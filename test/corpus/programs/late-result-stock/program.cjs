// The stock is asked for each order, with what is known as a way out.
const { createServer } = require('node:http');
const { once } = require('node:events');
const { setTimeout: delay } = require('node:timers/promises');

const server = createServer((request, response) => {
  setTimeout(() => response.end('7'), 120);
});

async function stockOf(port, name) {
  const response = await fetch(`http://127.0.0.1:${port}/${name}`);
  return Number(await response.text());
}

async function main() {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  const counts = [];
  for (const name of ['tea', 'salt', 'rice', 'oats', 'corn', 'peas']) {
    counts.push(await Promise.race([stockOf(port, name), delay(80).then(() => 1)]));
  }
  console.log(counts.join(' '));
  await delay(300);
  server.close();
  server.closeAllConnections();
}
main();
