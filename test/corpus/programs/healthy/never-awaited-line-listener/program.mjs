// Import words into a list; say how many there are at the end.
import { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const words = [];
let open = 0;
let isClosed = false;
function say() {
  if (open === 0 && isClosed) console.log('imported', words.length);
}
async function translate(word) {
  await sleep(15);
  return word.toUpperCase();
}

const lines = createInterface({ input: Readable.from(['one\ntwo\nthree\nfour\n']) });
lines.on('line', (line) => {
  open++;
  translate(line).then((word) => {
    words.push(word);
    open--;
    say();
  });
});
lines.on('close', () => {
  isClosed = true;
  say();
});
