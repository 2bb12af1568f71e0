// Prices are asked of a service that can do two at a time.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

let busy = 0;
const service = createServer(async (_request, response) => {
  if (busy >= 2) return response.writeHead(503).end();
  busy++;
  await sleep(400);
  busy--;
  response.end('12');
});
service.listen(0, '127.0.0.1');
await once(service, 'listening');
const url = `http://127.0.0.1:${service.address().port}/price`;

async function priceOf() {
  for (;;) {
    const answer = await fetch(url);
    if (answer.ok) return Number(await answer.text());
    await answer.body?.cancel();
    await sleep(60);
  }
}

const prices = await Promise.all(Array.from({ length: 6 }, priceOf));
console.log(prices.length, 'prices');
service.close();
service.closeAllConnections();
