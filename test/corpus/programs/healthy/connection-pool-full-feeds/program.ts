// There are sockets enough for the feeds and the orders.
import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

const server = http.createServer((req, res) => {
  if (!req.url!.startsWith('/feeds/')) return void res.end('stored');
  res.setHeader('content-type', 'text/event-stream');
  let left = 8;
  const timer = setInterval(() => {
    res.write(`data: ${left}\n\n`);
    if (--left === 0) {
      clearInterval(timer);
      res.end();
    }
  }, 100);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

http.globalAgent.maxSockets = 20;

function fetchText(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get(base + path, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve(text));
      })
      .on('error', reject);
  });
}

async function followFeed(name: string): Promise<number> {
  const events = await fetchText(`/feeds/${name}`);
  return events.split('\n\n').length;
}

async function sendOrder(id: number): Promise<void> {
  const answer = await fetchText(`/orders/${id}`);
  console.log(id, answer);
}

const feeds = ['prices', 'news'].map(followFeed);
await new Promise((resolve) => setTimeout(resolve, 100));
await Promise.all([1, 2, 3, 4].map(sendOrder));
console.log(await Promise.all(feeds));
server.close();
