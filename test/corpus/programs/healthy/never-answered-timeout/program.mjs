// Stock of a shop, asked with a limit of time.
import http from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const stock = { lamp: 4, desk: 0, sofa: 2 };

const server = http.createServer(async (request, response) => {
  const thing = request.url.slice(1);
  await sleep(thing === 'sofa' ? 450 : 10);
  const left = stock[thing];
  if (left) response.end(`${left} of ${thing}`);
  else response.writeHead(404).end();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${server.address().port}`;

async function ask(thing) {
  try {
    const answer = await fetch(`${base}/${thing}`, { signal: AbortSignal.timeout(300) });
    console.log(thing, answer.status, await answer.text());
  } catch (error) {
    console.log(thing, error.name);
  }
}
await Promise.all(['lamp', 'desk', 'sofa', 'vase'].map(ask));
await sleep(300);
server.close();
server.closeAllConnections();
