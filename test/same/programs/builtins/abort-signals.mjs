// Signals that are looked at, aborted and handed on, with what errors and functions show of it.
import { setTimeout as sleep } from 'node:timers/promises';

const lines = (error) => error.stack.split('\n').slice(0, 3).join('\n').replaceAll(import.meta.url, 'here');

async function work(count, { signal, pause = 1 }) {
  let done = 0;
  while (!signal.aborted && done < count) {
    await sleep(pause);
    done++;
  }
  return done;
}

async function asks(options) {
  if (options?.signal?.aborted === true) return 'aborted before';
  const was = options.signal?.aborted;
  try {
    options.signal?.throwIfAborted();
    await sleep(500, 'slept', options);
  } catch (error) {
    return `${was} ${error.name} ${error.message} ${options.signal.aborted ? 'aborted' : 'not'}`;
  }
  return 'slept';
}

const controller = new AbortController();
const working = work(3, controller);
const asking = asks({ signal: controller.signal });
console.log(await working);
controller.abort();
console.log(await asking, await asks(controller));
console.log(await work(5, { signal: AbortSignal.any([controller.signal]) }));
console.log(lines(controller.signal.reason));

// What is no signal, and no controller.
const order = { aborted: 'yes', abort: () => 'undone', signal: { aborted: 0, throwIfAborted() {} } };
console.log(order.aborted, order.abort(), await asks({ ...order, signal: undefined }));
const flag = { aborted: false };
flag.aborted = !flag.aborted;
const { aborted } = flag;
console.log(aborted, flag.aborted ? 'set' : 'not set', delete flag.aborted, flag.aborted);
async function tries(signal) {
  try {
    signal.throwIfAborted();
  } catch (error) {
    console.log(error.message);
  }
  await null;
}
await tries(undefined);
await tries({});
try {
  (() => controller.signal.abort())();
} catch (error) {
  console.log(error.message);
}
for (const given of [5, [{}], new Set([controller.signal])]) {
  try {
    console.log(AbortSignal.any(given).aborted);
  } catch (error) {
    console.log(error.name, error.code);
  }
}
console.log(work.toString(), asks.toString(), AbortSignal.any.toString(), AbortSignal.any.length);
