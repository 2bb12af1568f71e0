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

const pages = await Promise.all(['/a', '/b', '/c', '/d', '/e'].map(get));
console.log(pages.length);
server.close();
server.closeAllConnections();
