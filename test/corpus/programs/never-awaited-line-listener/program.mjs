// Import words into a list; say how many there are at the end.
import { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const words = [];
async function translate(word) {
  await sleep(15);
  return word.toUpperCase();
}

const lines = createInterface({ input: Readable.from(['one\ntwo\nthree\nfour\n']) });
lines.on('line', async (line) => {
  words.push(await translate(line));
});
lines.on('close', () => {
  console.log('imported', words.length);
});
