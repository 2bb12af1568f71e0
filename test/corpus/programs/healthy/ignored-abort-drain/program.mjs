// A worker that is told to stop does what it has taken, and takes no more; another one listens.
import { setTimeout as sleep } from 'node:timers/promises';

const jobs = Array.from({ length: 30 }, (_, i) => i);
const done = [];

async function work({ signal }) {
  const taken = [];
  for (;;) {
    if (!signal.aborted && taken.length < 12) taken.push(jobs.shift());
    const job = taken.shift();
    if (job === undefined) return;
    await sleep(45);
    done.push(job);
    if (!signal.aborted) taken.push(jobs.shift(), jobs.shift());
  }
}

async function beat(signal) {
  let isOver = false;
  signal.onabort = () => {
    isOver = true;
  };
  let beats = 0;
  // It says goodbye, too.
  for (let left = 8; left > 0; left -= isOver ? 1 : 0) {
    await sleep(45);
    beats++;
  }
  return beats;
}

const stop = new AbortController();
const all = Promise.all([work({ signal: stop.signal }), beat(stop.signal)]);
await sleep(200);
stop.abort();
await all;
console.log(done.length > 10);
