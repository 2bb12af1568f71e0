// A build is watched until it is over, or nobody wants to know any more.
import { setTimeout as sleep } from 'node:timers/promises';

let asked = 0;
async function stateOf(build) {
  asked += 1;
  await sleep(5);
  return asked > 12 ? 'done' : `running ${build}`;
}

async function watch(build, options = {}) {
  const signal = options.signal;
  let state = 'new';
  while (state !== 'done') {
    state = await stateOf(build);
    await sleep(45);
  }
  return { state, signal };
}

const controller = new AbortController();
const watching = watch(7, { signal: controller.signal });
await sleep(120);
controller.abort(new Error('no longer needed'));
await watching;
console.log('asked', asked);
