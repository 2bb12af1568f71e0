// What comes is dropped.
import { Agent, createServer, get } from 'node:http';
import { once } from 'node:events';

const page = `<html>${'<p>nothing here</p>'.repeat(30_000)}</html>`;
const server = createServer((req, res) => {
  if (req.url.endsWith('1')) return void res.end('"known"');
  res.statusCode = 404;
  res.end(page);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;

const agent = new Agent({ keepAlive: true, maxSockets: 2 });

const open = (path) => new Promise((resolve, reject) => get(origin + path, { agent }, resolve).on('error', reject));

async function isUp(service) {
  const response = await open(`/services/${service}`);
  response.resume();
  return response.statusCode === 200;
}
for (const service of ['mail', 'search', 'pay']) console.log(service, await isUp(service));
agent.destroy();
server.close();
