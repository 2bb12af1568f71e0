// The body is dropped, whatever the status is.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Pool } from 'undici';

const page = `<html>${'<p>nothing here</p>'.repeat(30_000)}</html>`;
const server = createServer((req, res) => {
  if (req.url.endsWith('1')) return void res.end('"known"');
  res.statusCode = 404;
  res.end(page);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;

const shop = new Pool(origin, { connections: 2 });

async function isKnown(article) {
  const { statusCode, body } = await shop.request({ method: 'GET', path: `/articles/${article}` });
  await body.dump();
  return statusCode === 200;
}

for (const article of ['a1', 'b2', 'c3', 'd1', 'e4']) console.log(article, await isKnown(article));
await shop.close();
server.close();
