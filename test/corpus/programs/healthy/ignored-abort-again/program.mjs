// A worker hears that it is to stop, and brings to an end what it has; it is told so twice.
import { setTimeout as sleep } from 'node:timers/promises';

async function work(jobs, signal) {
  let isStopping = false;
  const done = [];
  while (jobs.length > 0) {
    if (!isStopping && signal.aborted) {
      isStopping = true;
      jobs.length = 8;
    }
    await sleep(45);
    done.push(jobs.shift());
  }
  return done;
}

const stop = new AbortController();
const working = work(
  Array.from({ length: 30 }, (_, i) => i),
  stop.signal,
);
await sleep(60);
stop.abort();
await sleep(90);
stop.abort();
console.log((await working).length);
