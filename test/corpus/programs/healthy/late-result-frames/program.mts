// Frames that are not there in time are shown as they were.
import { setTimeout as delay } from 'node:timers/promises';

interface Frame {
  readonly n: number;
}

async function render(n: number, { n: before }: Frame): Promise<Frame> {
  await delay(55);
  return { n: Math.max(n, before) };
}

async function show(count: number): Promise<number> {
  let last: Frame = { n: -1 };
  let old = 0;
  for (let n = 0; n < count; n++) {
    const frame = await Promise.race([render(n, last), delay(300, null)]);
    if (frame === null) old++;
    else last = frame;
  }
  return old + last.n;
}

console.log(await show(12));
