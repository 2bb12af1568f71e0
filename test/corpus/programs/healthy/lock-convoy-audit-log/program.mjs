// Lines are gathered, and one write takes all that have come.
import { setTimeout as delay } from 'node:timers/promises';

let lines = [];
let writing = null;
async function flush() {
  await delay(12);
  lines = [];
  writing = null;
}
async function writeLine(line) {
  lines.push(line);
  await (writing ??= flush());
  return line.length;
}
async function request(n) {
  let written = 0;
  for (const step of ['asked', 'checked', 'answered']) written += await writeLine(`${n} ${step}`);
  return written;
}
console.log((await Promise.all(Array.from({ length: 10 }, (_, n) => request(n)))).length);
