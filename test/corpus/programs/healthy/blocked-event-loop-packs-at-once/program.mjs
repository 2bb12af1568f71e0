// Backups are packed while others wait for theirs.
import { brotliCompress, constants } from 'node:zlib';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';

const pack = promisify(brotliCompress);
const data = Buffer.from(Array.from({ length: 30_000 }, (_, i) => `${(i * 7919) % 10_007}`).join(' '));

async function backup(name) {
  await sleep(5);
  const packed = await pack(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
  return `${name}: ${packed.length > 0}`;
}

console.log(await Promise.all(['a', 'b', 'c'].map(backup)));
