// Each sale wants to be stored when the shop closes.
const http = require('node:http');
const { once } = require('node:events');

const server = http.createServer(async (request, response) => {
  const sale = { item: request.url.slice(1), stored: false };
  const store = () => {
    if (!sale.stored) sale.stored = true;
  };
  process.on('beforeExit', store);
  await new Promise((resolve) => setImmediate(resolve));
  sale.stored = true;
  process.off('beforeExit', store);
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
