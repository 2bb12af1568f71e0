// gain: together 16
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  setTimeout(() => response.end(request.url), 35);
});
await new Promise((resolve) => server.listen(0, resolve));
const base = `http://127.0.0.1:${server.address().port}`;

async function get(path) {
  const response = await fetch(base + path);
  return response.text();
}

let bytes = 0;
for (const path of ['/a', '/b', '/c', '/d', '/e']) bytes += (await get(path)).length;
console.log(bytes);
server.close();
server.closeAllConnections();
