// The body is dropped before the next link is checked.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Client } from 'undici';

const page = `<html>${'<p>nothing here</p>'.repeat(30_000)}</html>`;
const server = createServer((req, res) => {
  if (req.url.endsWith('1')) return void res.end('"known"');
  res.statusCode = 404;
  res.end(page);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;

const client = new Client(origin);

async function statusOf(path) {
  const response = await client.request({ path, method: 'GET' });
  await response.body.dump();
  return response.statusCode;
}

async function checkLinks(paths) {
  for (const path of paths) console.log(path, await statusOf(path));
}
await checkLinks(['/start', '/about', '/contact']);
await client.close();
server.close();
