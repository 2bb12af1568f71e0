// Clips are converted by a queue, five at a time.
import PQueue from 'p-queue';
import { setTimeout as delay } from 'node:timers/promises';

const queue = new PQueue({ concurrency: 5 });

async function convert(clip) {
  await delay(30);
  return clip.length;
}

async function convertAll(clips) {
  const sizes = [];
  for (const clip of clips) sizes.push(await queue.add(() => convert(clip)));
  return sizes;
}

console.log((await convertAll(Array.from({ length: 10 }, (_, i) => `clip ${i}`))).length);
