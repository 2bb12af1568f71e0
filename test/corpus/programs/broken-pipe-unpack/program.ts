// Unpacks a file that came only in half.
import { createReadStream, createWriteStream, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGunzip, gzipSync } from 'node:zlib';

const from = join(tmpdir(), `half-${process.pid}.gz`);
const to = join(tmpdir(), `half-${process.pid}.txt`);
writeFileSync(from, gzipSync('a long day '.repeat(10_000)).subarray(10));

function unpack(): Promise<void> {
  return new Promise((resolve, reject) => {
    const gunzip = createGunzip();
    gunzip.on('error', (error) => console.error('damaged:', error.message));
    const out = createWriteStream(to);
    createReadStream(from).pipe(gunzip).pipe(out);
    out.on('finish', resolve);
    out.on('error', reject);
  });
}

process.on('exit', () => [from, to].forEach((file) => rmSync(file, { force: true })));
await unpack();
console.log('unpacked');
