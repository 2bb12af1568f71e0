// Each sale wants to be stored when the shop closes, and goes on wanting it.
const http = require('node:http');
const { once } = require('node:events');

const server = http.createServer(async (request, response) => {
  const sale = { item: request.url.slice(1), stored: false };
  process.on('beforeExit', () => {
    if (!sale.stored) sale.stored = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  sale.stored = true;
  response.end(`sold ${sale.item}`);
});

async function main() {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  for (let i = 1; i <= 12; i++) {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}/pear-${i}`);
    await answer.text();
  }
  console.log('12 sales');
  server.close();
  server.closeAllConnections();
}
main();
