// Backups are packed while others wait for theirs.
import { brotliCompressSync } from 'node:zlib';
import { setTimeout as sleep } from 'node:timers/promises';

const data = Buffer.from(Array.from({ length: 900_000 }, (_, i) => `${(i * 7919) % 10_007}`).join(' '));

async function backup(name) {
  await sleep(5);
  const packed = brotliCompressSync(data);
  return `${name}: ${packed.length > 0}`;
}

console.log(await Promise.all(['a', 'b', 'c'].map(backup)));
