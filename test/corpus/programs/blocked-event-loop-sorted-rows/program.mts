// A table is sorted for each page; a status page beside it has to answer at once.
import { createServer } from 'node:http';
import { once } from 'node:events';

interface Row {
  readonly name: string;
  readonly price: number;
}
const rows: Row[] = Array.from({ length: 250_000 }, (_, i) => ({
  name: `item ${(i * 7919) % 250_000}`,
  price: i % 97,
}));

function pageOf(n: number): Row[] {
  const sorted = [...rows].sort((a, b) => a.price - b.price || a.name.localeCompare(b.name));
  return sorted.slice(n * 10, n * 10 + 10);
}

const server = createServer((request, response) => {
  response.end(request.url === '/status' ? 'ok' : String(pageOf(3).length));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as { port: number };
const get = async (path: string): Promise<string> => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
console.log(await Promise.all(['/rows', '/status'].map(get)));
server.close();
server.closeAllConnections();
