// The size of a file, told when it has been read to its end.
import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';

async function title() {
  await delay(60);
  return 'size';
}

async function main() {
  const file = createReadStream(fileURLToPath(import.meta.url));
  let size = 0;
  file.on('data', (chunk) => {
    size += chunk.length;
  });
  const ended = once(file, 'end');
  const text = await title();
  await ended;
  console.log(text, size > 0);
}
main();
