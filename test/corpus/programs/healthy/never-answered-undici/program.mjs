// Prices come from a slow table; a browser may leave the page meanwhile.
import { createServer } from 'node:http';
import { Agent, request } from 'undici';

const prices = new Map([['lamp', 20], ['desk', 140]]);
let given = 0;

function lookUp(thing, callback) {
  setTimeout(() => callback(null, prices.get(thing)), 150);
}

const server = createServer((incoming, response) => {
  lookUp(incoming.url.slice(1), (error, price) => {
    if (response.destroyed) return;
    given++;
    response.end(String(price));
  });
});
server.listen(0, '127.0.0.1', async () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  const dispatcher = new Agent();
  const leaving = new AbortController();
  const left = request(`${base}/desk`, { signal: leaving.signal, dispatcher });
  setTimeout(() => leaving.abort(), 50);
  await left.catch((error) => console.log('left:', error.name));
  const { body } = await request(`${base}/lamp`, { dispatcher });
  console.log('lamp', await body.text(), 'given', given);
  await dispatcher.close();
  server.close();
});
