// Stops a server while somebody still waits for news.
import { createServer } from 'node:http';
import { once } from 'node:events';

const waiting = new Set<import('node:http').ServerResponse>();
const server = createServer((request, response) => {
  if (request.url === '/news') {
    waiting.add(response);
    return;
  }
  response.end('nothing here');
});

async function stop() {
  await new Promise((resolve) => server.close(resolve));
  console.log('stopped');
}

server.listen(0);
await once(server, 'listening');
const { port } = server.address() as { port: number };
const news = fetch(`http://127.0.0.1:${port}/news`).then((response) => response.text());
console.log(await (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text());
while (waiting.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
stop();
news.then((text) => console.log('news:', text));
