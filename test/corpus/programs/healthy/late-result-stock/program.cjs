// The stock is asked for each order, with what is known as a way out.
const { createServer } = require('node:http');
const { once } = require('node:events');

const server = createServer((request, response) => {
  setTimeout(() => response.end('7'), 120);
});

async function stockOf(port, name) {
  const response = await fetch(`http://127.0.0.1:${port}/${name}`);
  return Number(await response.text());
}

/** What is known once the time is over. */
function within(ms) {
  let timer;
  const signal = new Promise((resolve) => (timer = setTimeout(resolve, ms, 1)));
  return { signal, end: () => clearTimeout(timer) };
}

async function main() {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  const { signal, ...over } = within(2000);
  const names = ['tea', 'salt', 'rice', 'oats', 'corn', 'peas'];
  const counts = await Promise.all(names.map((name) => Promise.race([stockOf(port, name), signal])));
  over.end();
  console.log(counts.join(' '));
  server.close();
  server.closeAllConnections();
}
main();
