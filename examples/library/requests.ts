/**
 * Ten requests to a server in this program, three at a time, one of which fails; the answers go
 * into files.
 *
 * What to look for: requests as tasks that wait for I/O, never more than three at once, and one
 * failure among nine successes.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gather, run, Semaphore } from 'simul';

const server = createServer((request, response) => {
  const n = Number(request.url!.slice(1));
  response.statusCode = n === 7 ? 500 : 200;
  response.end(`page ${n}`);
});
await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', () => listening()));
const { port } = server.address() as AddressInfo;
const folder = await mkdtemp(join(tmpdir(), 'simul-requests-'));

await run(async function main() {
  const three = new Semaphore(3, { name: 'three at a time' });

  async function fetchToFile(n: number): Promise<number> {
    await three.acquire();
    try {
      const response = await fetch(`http://127.0.0.1:${port}/${n}`);
      if (!response.ok) throw new Error(`page ${n}: status ${response.status}`);
      const file = join(folder, `${n}.txt`);
      await writeFile(file, await response.text());
      return (await readFile(file, 'utf8')).length;
    } finally {
      three.release();
    }
  }

  const pages = Array.from({ length: 10 }, (_, n) => () => fetchToFile(n));
  const results = await gather(pages, { returnErrors: true });
  const failures = results.filter((result) => result instanceof Error);
  console.log(
    `${results.length - failures.length} pages saved; ${failures.map((error) => (error as Error).message).join()}`,
  );
});

await rm(folder, { recursive: true });
server.closeAllConnections();
server.close();
