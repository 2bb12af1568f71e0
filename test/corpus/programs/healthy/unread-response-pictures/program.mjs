// The body is cancelled.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Agent, fetch } from 'undici';

const page = `<html>${'<p>nothing here</p>'.repeat(30_000)}</html>`;
const server = createServer((req, res) => {
  if (req.url.endsWith('1')) return void res.end('"known"');
  res.statusCode = 404;
  res.end(page);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;

const dispatcher = new Agent({ connections: 1 });
const kept = [];

async function hasPicture(name) {
  const response = await fetch(`${origin}/pictures/${name}`, { dispatcher });
  await response.body?.cancel();
  kept.push(response);
  return response.ok;
}
for (const name of ['cat', 'dog', 'cow']) console.log(name, await hasPicture(name));
console.log(kept.length);
await dispatcher.close();
server.close();
