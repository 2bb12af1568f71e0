// A crawl of many pages, limited on purpose: all requests are alike, and short.
import { Agent, createServer, get } from 'node:http';
import { once } from 'node:events';

const server = createServer((req, res) => void setTimeout(() => res.end(req.url), 10));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

async function visit(page) {
  const request = get({ host: '127.0.0.1', port: server.address().port, path: `/${page}`, agent });
  const [response] = await once(request, 'response');
  response.resume();
  await once(response, 'end');
}
await Promise.all(Array.from({ length: 120 }, (_, page) => visit(page)));
console.log('visited');
agent.destroy();
server.close();
