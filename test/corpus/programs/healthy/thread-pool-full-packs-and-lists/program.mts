// Old logs are packed in a row; a listing of the folder is shown meanwhile.
import { brotliCompress, constants } from 'node:zlib';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const pack = promisify(brotliCompress) as (data: Buffer, options: object) => Promise<Buffer>;
const log = Buffer.from(Array.from({ length: 20_000 }, (_, i) => `${(i * 7919) % 10_007}`).join(' '));

async function archive(): Promise<number> {
  let bytes = 0;
  for (let i = 0; i < 3; i++)
    bytes += (await pack(log, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })).length;
  return bytes;
}

async function list(): Promise<boolean> {
  const names = await readdir('.');
  return names.length > 0;
}

const archived = archive();
console.log(await list());
console.log((await archived) > 0);
