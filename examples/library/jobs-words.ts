/**
 * Counting the words at an address, as jobs: three pages of a server in this program. The second
 * page answers at the second attempt only; a report waits for all of them.
 *
 * What to look for: each attempt is a task under its worker, each page a job with the line that
 * added it. `simul why --task` of an attempt says why its job stood in line.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { JobQueue } from 'simul/jobs';

const TEXTS = ['to be or not to be', 'that is the question', 'whether it is nobler'];
let refusals = 1;
const server = createServer((request, response) => {
  const n = Number(request.url!.slice(1));
  if (n === 1 && refusals-- > 0) response.statusCode = 503;
  response.end(response.statusCode === 503 ? '' : TEXTS[n]);
});
await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', () => listening()));
const { port } = server.address() as AddressInfo;

const pages = new JobQueue<string, number>('pages');
const reports = new JobQueue<null, string>('reports');

pages.process(
  async function countWords({ data: address }) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: status ${response.status}`);
    return (await response.text()).split(' ').length;
  },
  { concurrency: 2 },
);
reports.process(async function report(job) {
  const counts = Object.values(await job.childResults()) as number[];
  return `${counts.reduce((sum, n) => sum + n, 0)} words on ${counts.length} pages`;
});

const report = await reports.addFlow({
  name: 'report',
  data: null,
  children: TEXTS.map((_, n) => ({
    name: `page ${n}`,
    data: `http://127.0.0.1:${port}/${n}`,
    queue: pages,
    options: { attempts: 3, backoff: 20 },
  })),
});
console.log(await report.result());
await pages.close();
await reports.close();
server.close();
