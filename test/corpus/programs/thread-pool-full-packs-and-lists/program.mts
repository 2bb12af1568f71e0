// Old logs are packed; a listing of the folder is shown meanwhile.
import { brotliCompress } from 'node:zlib';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const pack = promisify(brotliCompress) as (data: Buffer) => Promise<Buffer>;
const log = Buffer.from(Array.from({ length: 600_000 }, (_, i) => `${(i * 7919) % 10_007}`).join(' '));

async function archive(): Promise<number> {
  const packed = await Promise.all(Array.from({ length: 8 }, () => pack(log)));
  return packed.length;
}

async function list(): Promise<boolean> {
  const names = await readdir('.');
  return names.length > 0;
}

const archived = archive();
console.log(await list());
console.log(await archived);
