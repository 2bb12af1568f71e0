/**
 * The service of the soak: it answers requests over HTTP, each with timers, a file, a lock of its
 * own making, concurrent halves and now and then an error. It acknowledges on its output when the
 * work for a request begins and ends, by number, with the clock that the trace uses.
 */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const TICK_MS = 50;
const LATE_MS = 25;
const clock = process.hrtime.bigint;
let held = Promise.resolve();

async function locked(work) {
  const before = held;
  let release;
  held = new Promise((resolve) => (release = resolve));
  await before;
  try {
    return await work();
  } finally {
    release();
  }
}

async function check(n) {
  await sleep(1);
  if (n % 10 === 0) throw new Error(`request ${n} is refused`);
  return n;
}

async function half(n) {
  await sleep(n % 3);
  return locked(async () => n / 2);
}

async function* pieces(text) {
  for (let at = 0; at < text.length; at += 1000) {
    await sleep(0);
    yield text.slice(at, at + 1000);
  }
}

async function handle(n) {
  console.log(`begin ${n} ${clock()}`);
  let answer = 0;
  try {
    const [left, right] = await Promise.all([half(n), half(n), check(n)]);
    const text = await readFile(import.meta.filename ?? new URL(import.meta.url).pathname, 'utf8');
    for await (const piece of pieces(text)) answer += piece.length;
    answer += left + right;
  } catch (error) {
    answer = error.message;
  }
  console.log(`end ${n} ${clock()}`);
  return answer;
}

async function respond(request, response) {
  const n = Number(request.url.slice(1));
  response.end(String(await handle(n)));
}

const server = createServer((request, response) => void respond(request, response));
server.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port} ${process.pid}`));
// What the trace says of a thread that was held has to show here, too.
let dueAt = performance.now() + TICK_MS;
const ticks = setInterval(() => {
  const lateMs = performance.now() - dueAt;
  if (lateMs > LATE_MS) console.log(`late ${lateMs.toFixed(0)} ${clock()}`);
  dueAt = performance.now() + TICK_MS;
}, TICK_MS);
process.on('SIGTERM', () => {
  clearInterval(ticks);
  server.close();
  server.closeAllConnections();
});
