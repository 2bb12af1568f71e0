// Uploads pictures to a gallery, which takes none above a size.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const gallery = createServer((request, response) => {
  let bytes = 0;
  request.on('data', (chunk) => (bytes += chunk.length));
  request.on('end', () => {
    response.statusCode = bytes > 10_000 ? 413 : 201;
    response.end();
  });
});
gallery.listen(0, '127.0.0.1');
await once(gallery, 'listening');
const address = `http://127.0.0.1:${gallery.address().port}`;

async function put(name, bytes) {
  const response = await fetch(`${address}/${name}`, { method: 'PUT', body: bytes });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${name}: ${response.status}`, { cause: response.status });
}

async function upload(name, bytes) {
  for (let tries = 1; ; tries++) {
    try {
      await put(name, bytes);
      return 'stored';
    } catch (error) {
      if (tries === 5 || error.cause < 500) return error.message;
      await delay(200);
    }
  }
}

console.log(await upload('cat.png', new Uint8Array(4_000)));
console.log(await upload('sea.png', new Uint8Array(40_000)));
gallery.close();
gallery.closeAllConnections();
