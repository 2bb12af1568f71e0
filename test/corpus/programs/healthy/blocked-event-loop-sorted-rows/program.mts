// A table is sorted once, by a worker; a status page beside it has to answer at once.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';

interface Row {
  readonly name: string;
  readonly price: number;
}
function sortedRows(): Row[] {
  const rows = Array.from({ length: 60_000 }, (_, i) => ({
    name: `item ${(i * 7919) % 60_000}`,
    price: i % 97,
  }));
  return rows.sort((a, b) => a.price - b.price || a.name.localeCompare(b.name)).slice(30, 40);
}

if (!isMainThread) parentPort!.postMessage(sortedRows());
else {
  const worker = new Worker(fileURLToPath(import.meta.url));
  const [page] = (await once(worker, 'message')) as [Row[]];
  const server = createServer((request, response) => {
    response.end(request.url === '/status' ? 'ok' : String(page.length));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const get = async (path: string): Promise<string> =>
    (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  console.log(await Promise.all(['/rows', '/status'].map(get)));
  server.close();
  server.closeAllConnections();
}
