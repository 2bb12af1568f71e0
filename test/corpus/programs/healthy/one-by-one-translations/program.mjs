// Words are translated by a service that takes ten at once.
import PQueue from 'p-queue';
import { setTimeout as sleep } from 'node:timers/promises';

const queue = new PQueue({ concurrency: 10 });

async function translate(word) {
  await sleep(30);
  return `${word}o`;
}

async function translateAll(words) {
  return Promise.all(words.map((word) => queue.add(() => translate(word))));
}

const words = await translateAll(Array.from({ length: 20 }, (_, i) => `word${i}`));
console.log(words.length, 'words');
