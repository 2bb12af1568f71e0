// A small shop; one of its ways out forgets the answer.
import { createServer } from 'node:http';
import { once } from 'node:events';

const stock = new Map([
  ['tea', 3],
  ['salt', 0],
]);
const shop = createServer((request, response) => {
  const name = request.url.slice(1);
  const left = stock.get(name);
  if (left === undefined) {
    response.writeHead(404).end();
    return;
  }
  if (left === 0) return;
  stock.set(name, left - 1);
  response.end(`${name}: ${left - 1} left`);
});
shop.listen(0);
await once(shop, 'listening');
for (const name of ['tea', 'salt']) {
  const url = `http://127.0.0.1:${shop.address().port}/${name}`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(400) });
    console.log(await answer.text());
  } catch (error) {
    console.log(name, error.name);
  }
}
shop.close();
