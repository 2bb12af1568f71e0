// Takes an upload and answers when all has come.
import { createServer } from 'node:http';
import { once } from 'node:events';

const server = createServer((request, response) => {
  const parts = [];
  if (request.headers['content-type'] === 'text/plain') {
    request.on('data', (part) => parts.push(part));
  }
  request.on('close', () => {
    if (parts.length > 0) response.end(`got ${Buffer.concat(parts).length} bytes`);
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}/upload`;
const options = { method: 'POST', body: 'x'.repeat(1000), headers: { 'content-type': 'application/json' } };
try {
  console.log(await (await fetch(url, { ...options, signal: AbortSignal.timeout(500) })).text());
} catch (error) {
  console.log(error.name);
}
server.close();
server.closeAllConnections();
